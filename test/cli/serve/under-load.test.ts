// The real program under a load of submissions over HTTP, with a key: what it acknowledged survives `kill -9`, and its log
// shows nothing that is secret.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { fileKeys } from '../../../src/server/keys/file-keys.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { createReceiver } from '../../../src/testing/receiver.ts'
import { startService } from './running-service.ts'
import type { RunningService } from './running-service.ts'

const submitters = 8
const acknowledgedUntilKill = 150

async function makeKey(folder: string): Promise<string> {
  const ports = { clock: systemClock, randomBytes: systemRandomBytes }
  const issued = await issueKey(
    fileKeys(join(folder, 'hookline.db.keys.json')),
    { name: 'test', role: 'admin', tenantId: null },
    ports,
  )
  return issued.text
}

/** Submits until the service is gone; ids of what was acknowledged go to `acknowledged`. */
async function submitUntilGone(
  service: RunningService,
  headers: Record<string, string>,
  acknowledged: Set<string>,
): Promise<void> {
  try {
    for (let count = 0; ; count += 1) {
      const { status, body } = await service.ask(
        'POST',
        '/api/v1/events',
        { eventType: 'order.paid', payload: { card: `hush-card-${count}` } },
        headers,
      )
      expect(status).toBe(202)
      for (const { eventId } of (body as { events: { eventId: string }[] }).events) acknowledged.add(eventId)
    }
  } catch (error) {
    // The connection broke, as it must; whatever was being submitted was not acknowledged.
    if (!(error instanceof TypeError)) throw error
  }
}

test(
  'kill -9 under load loses no acknowledged event, and no line of the log shows a secret',
  { timeout: 90_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hookline-load-'))
    const receiver = await createReceiver()
    const running: RunningService[] = []
    try {
      const key = await makeKey(folder)
      const headers = { authorization: `Bearer ${key}` }
      const service = await startService(folder, ['--log-level', 'debug'])
      running.push(service)
      expect(service.lines[0]).toContain('1 API key in')
      expect((await service.ask('GET', '/api/v1/webhooks')).status).toBe(401)
      const hook = await service.ask(
        'POST',
        '/api/v1/webhooks',
        { url: `${receiver.url}/hush-path`, headers: { 'X-Token': 'hush-header' } },
        headers,
      )
      expect(hook.status).toBe(201)
      const { secret } = hook.body as { secret: string }

      const acknowledged = new Set<string>()
      const load = Array.from({ length: submitters }, () => submitUntilGone(service, headers, acknowledged))
      await receiver.waitUntil(() => acknowledged.size >= acknowledgedUntilKill)
      service.process.kill('SIGKILL')
      await Promise.all([...load, service.ended])

      const again = await startService(folder, ['--log-level', 'debug'])
      running.push(again)
      const arrived = (): Set<unknown> => new Set(receiver.requests.map(({ headers: sent }) => sent['webhook-id']))
      await receiver.waitUntil(() => [...acknowledged].every((id) => arrived().has(id)))
      expect(receiver.orderViolations()).toEqual([])
      again.process.kill('SIGTERM')
      expect(await again.ended).toBe(0)

      const written = running.map(({ lines, errors }) => lines.join('\n') + errors()).join('\n')
      expect(written).toContain('"msg":"attempt.succeeded"')
      expect(written).toMatch(/"correlationId":"evt_[^"]+","requestId":"req_/)
      for (const hidden of ['hush', key, key.slice(-48), secret, 'Bearer']) expect(written).not.toContain(hidden)
    } finally {
      for (const { process, ended } of running) {
        process.kill('SIGKILL')
        await ended
      }
      await receiver.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
