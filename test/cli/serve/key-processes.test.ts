// The file of the keys, changed by processes of their own while the server runs.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { fileKeys } from '../../../src/server/keys/file-keys.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { runHookline } from '../run-program.ts'
import type { ProgramRun } from '../run-program.ts'
import type { RunningService } from './running-service.ts'
import { createServiceWorld } from './service-world.ts'

const limitMs = 90_000
/** Within which the server follows what another process has changed. As the documentation says. */
const noticedMs = 1000

interface KeyFile {
  readonly keys: (...args: string[]) => Promise<ProgramRun>
  /** Makes a key in a process of its own. */
  readonly create: (name: string) => Promise<string>
}

function keyFileOf(folder: string): KeyFile {
  const keys = (...args: string[]): Promise<ProgramRun> =>
    runHookline(['keys', ...args, '--store', `${folder}/hookline.db`])
  return {
    keys,
    async create(name) {
      const { code, stdout, stderr } = await keys('create', name, '--role', 'admin')
      expect(code, stderr).toBe(0)
      return stdout.trim()
    },
  }
}

const idOf = (key: string): string => key.split('_')[1] ?? ''

async function statusWith(service: RunningService, key: string | null): Promise<number> {
  const headers = key === null ? undefined : { authorization: `Bearer ${key}` }
  return (await service.ask('GET', '/api/v1/keys', undefined, headers)).status
}

/** Asks with the key until it is refused. A request that is sent after the time within which that is promised must be. */
async function expectRefusedInTime(service: RunningService, key: string): Promise<void> {
  const revokedAt = systemClock.monotonic()
  for (;;) {
    const askedAfterMs = systemClock.monotonic() - revokedAt
    const status = await statusWith(service, key)
    if (status === 401) return
    expect(status).toBe(200)
    expect(askedAfterMs).toBeLessThan(noticedMs)
  }
}

test(
  'a running server lets in a new key at once, and a revoked one for less than a second',
  { timeout: limitMs },
  async () => {
    const { folder, start } = await createServiceWorld()
    const { keys, create } = keyFileOf(folder)
    const service = await start()
    expect(await statusWith(service, null)).toBe(200)
    const operator = await create('operator')
    expect(await statusWith(service, null)).toBe(401)
    expect(await statusWith(service, operator)).toBe(200)
    const headers = { authorization: `Bearer ${operator}` }
    const made = await service.ask('POST', '/api/v1/keys', { name: 'second', role: 'admin' }, headers)
    const { key: second } = made.body as { key: string }
    expect(await statusWith(service, second)).toBe(200)
    expect((await keys('revoke', idOf(second))).code).toBe(0)
    await expectRefusedInTime(service, second)
    expect(await statusWith(service, operator)).toBe(200)
  },
)

test('no change is lost when several processes and the server make them at once', { timeout: limitMs }, async () => {
  const { folder, start } = await createServiceWorld()
  const { keys, create } = keyFileOf(folder)
  const file = join(folder, 'hookline.db.keys.json')
  const ports = { clock: systemClock, randomBytes: systemRandomBytes }
  const { text: first } = await issueKey(fileKeys(file), { name: 'first', role: 'admin' }, ports)
  const service = await start()
  const headers = { authorization: `Bearer ${first}` }

  let othersAreBusy = true
  const others = Promise.all([create('one'), create('two'), keys('deactivate', 'acme')])
  void others.finally(() => (othersAreBusy = false)).catch(() => undefined)
  const made: string[] = []
  while (othersAreBusy) {
    const body = { name: 'by the server', role: 'publisher' }
    const answer = await service.ask('POST', '/api/v1/keys', body, headers)
    expect(answer.status).toBe(201)
    made.push((answer.body as { id: string }).id)
  }
  const [one, two] = await others
  const kept = fileKeys(file).list()
  expect(kept.map(({ id }) => id).sort()).toEqual([first, one, two].map(idOf).concat(made).sort())
  for (const key of [one, two]) expect(await statusWith(service, key)).toBe(200)
  expect((await service.ask('GET', '/api/v1/tenants', undefined, headers)).body).toMatchObject({
    data: [{ id: 'acme', active: false }],
  })
})
