// Crash-only: what no one can judge ends the process that serves, once whoever asked has an answer, and the next start goes
// on. What says by itself what is wrong does not end it.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tamper } from '../../support/sqlite-files.ts'
import type { RunningService } from './running-service.ts'
import { allArrived, createServiceWorld, makeWebhook, submit } from './service-world.ts'

const limitMs = 60_000

/** Has Node load a few lines before the program, as who traces or patches it does: from SIGUSR2 on this is broken. */
function breakable(expression: string): readonly string[] {
  const lines = `process.on('SIGUSR2', () => {
    ${expression} = () => { throw new Error('boom') }
    console.log('{"level":"info","msg":"broken"}')
  })`
  return ['--import', `data:text/javascript,${encodeURIComponent(lines)}`]
}

async function breakIt(service: RunningService): Promise<void> {
  service.process.kill('SIGUSR2')
  await service.line(({ msg }) => msg === 'broken')
}

const lastLine = ({ lines }: RunningService): unknown => JSON.parse(lines.at(-1) ?? '')

describe('a fault that no one can judge', { timeout: limitMs }, () => {
  test('in a route is answered with 500 and ends the process with 1; the next start delivers what was acknowledged', async () => {
    const { receiver, start } = await createServiceWorld()
    receiver.respond('hang')
    const service = await start([], breakable('process.cpuUsage'))
    await makeWebhook(service, receiver)
    const ids = [await submit(service, 1), await submit(service, 2), await submit(service, 3)]
    await receiver.waitFor(1)
    await breakIt(service)
    const { status, body } = await service.ask('GET', '/metrics', undefined, { 'x-request-id': 'mine-1' })
    expect([status, body]).toEqual([
      500,
      { error: { code: 'INTERNAL_ERROR', message: expect.stringContaining('internal error'), requestId: 'mine-1' } },
    ])
    expect(await service.ended).toBe(1)
    expect(lastLine(service)).toMatchObject({
      level: 'fatal',
      where: 'request',
      requestId: 'mine-1',
      err: { message: 'boom', stack: expect.stringContaining('Error: boom\n    at ') },
    })
    expect(service.lines.join('\n')).not.toContain('told to end')

    receiver.respond(200)
    await start()
    await allArrived(receiver, ids)
    expect(ids).not.toContain(null)
  })

  test('in a listener of its own ends it with 1', async () => {
    const { receiver, start } = await createServiceWorld()
    let release = (): void => undefined
    receiver.respond(() => new Promise((resolve) => (release = () => resolve(200))), 200)
    const service = await start([], breakable('Date.parse'))
    await makeWebhook(service, receiver)
    const ids = [await submit(service, 1), await submit(service, 2)]
    await receiver.waitFor(1)
    await breakIt(service)
    release()
    expect(await service.ended).toBe(1)
    expect(lastLine(service)).toMatchObject({ level: 'fatal', where: 'listener', err: { message: 'boom' } })
    await start()
    await allArrived(receiver, ids)
  })
})

test('a damaged record is told to whoever asks for it, and ends nothing', { timeout: limitMs }, async () => {
  const { folder, receiver, start } = await createServiceWorld()
  const first = await start()
  const webhook = await makeWebhook(first, receiver)
  await first.ask('POST', `/api/v1/webhooks/${webhook}/pause`)
  const ids = [await submit(first, 1), await submit(first, 2)]
  first.process.kill('SIGTERM')
  expect(await first.ended).toBe(0)
  tamper(
    join(folder, 'hookline.db'),
    `UPDATE records SET line = replace(line, 'order.paid', 'order.lost') WHERE line LIKE '%${ids[0]}%'`,
  )

  const service = await start()
  for (const path of [`/api/v1/deliveries/${ids[0]}`, `/api/v1/deliveries/${ids[0]}/explain`]) {
    const { status, body } = await service.ask('GET', path)
    expect([status, (body as { error: { code: string } }).error.code]).toEqual([500, 'LOG_DIVERGED'])
  }
  expect((await service.ask('GET', `/api/v1/deliveries/${ids[1]}`)).status).toBe(200)
  expect((await service.ask('GET', '/api/v1/deliveries')).status).toBe(200)
  await service.ask('POST', `/api/v1/webhooks/${webhook}/resume`)
  await allArrived(receiver, [ids[1]!])
  service.process.kill('SIGTERM')
  expect(await service.ended).toBe(0)
})
