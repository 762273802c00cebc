// A service behind a server whose log and keys are as durable as the test lets them be.
import { onTestFinished } from 'vitest'
import type { KeyStore } from '../../../src/server/keys/key-store.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import { createServer } from '../../../src/server/create-server.ts'
import type { HooklineServer } from '../../../src/server/create-server.ts'
import { routeTable } from '../../../src/server/routes/route-table.ts'
import type { Route } from '../../../src/server/routes/route.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { createFailingLog } from '../../support/failing-log.ts'
import { startEngine } from '../../support/start-engine.ts'
import { bodyOf, pathOf } from '../keys/access-world.ts'
import type { Target } from '../keys/access-world.ts'

/** What makes durable what was written: at once, until it is told otherwise. */
export class SlowDisk {
  #write = (): Promise<void> => Promise.resolve()

  write(): Promise<void> {
    return this.#write()
  }

  /** From now on nothing is durable until `release` is called; `asked` resolves when someone waits for it. */
  hold(): { readonly asked: Promise<void>; readonly release: () => void } {
    let release = (): void => undefined
    let ask = (): void => undefined
    const asked = new Promise<void>((resolve) => (ask = resolve))
    const released = new Promise<void>((resolve) => (release = resolve))
    this.#write = () => {
      ask()
      return released
    }
    return { asked, release }
  }

  fail(error: Error): void {
    this.#write = () => Promise.reject(error)
  }
}

export interface SlowDiskWorld {
  readonly disk: SlowDisk
  readonly server: HooklineServer
  /** A webhook, a dead letter of it, a key and a tenant. */
  readonly target: Target
  /** From now on the log refuses to append anything. */
  refuseAppends(): void
  /** Sends the request that the route takes about the target. */
  readonly send: (route: Route) => ReturnType<HooklineServer['inject']>
}

/** @param options.deadLetters more than one fill the service: one of them may be redelivered at a time */
export async function startSlowDiskWorld({
  routes = routeTable,
  deadLetters = 1,
}: { readonly routes?: readonly Route[]; readonly deadLetters?: number } = {}): Promise<SlowDiskWorld> {
  const disk = new SlowDisk()
  const log = createFailingLog()
  const engine = startEngine({
    log: Object.assign(log, { flush: () => disk.write() }),
    retry: { maxAttempts: 1 },
    limits: { pendingEvents: deadLetters > 1 ? 1 : 100 },
  })
  const { service, clock, transport } = engine
  const store = memoryKeys()
  const ports = { clock, randomBytes: systemRandomBytes }
  const { text } = await issueKey(store, { name: 'operator', role: 'admin' }, ports)
  const { key } = await issueKey(store, { name: 'other', role: 'reader' }, ports)
  const server = createServer(service, { keys: keysOn(disk, store), clock, routes })
  // After what was held is let go: the engine flushes as it ends.
  onTestFinished(() => disk.hold().release())
  onTestFinished(() => server.close())

  const webhookId = engine.register()
  let deliveryId = ''
  transport.respond(() => 500)
  for (let made = 0; made < deadLetters; made += 1) {
    deliveryId = service.submitEvent(webhookId, 'order.paid', {})
    await engine.quiet()
  }
  const target = { webhookId, deliveryId, keyId: key.id, tenantId: 'initech' }
  return {
    disk,
    server,
    target,
    refuseAppends: () => log.refuse(() => true),
    send(route) {
      const body = bodyOf(route, target)
      return server.inject({
        method: route.method,
        path: pathOf(route, target),
        headers: { authorization: `Bearer ${text}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    },
  }
}

function keysOn(disk: SlowDisk, keys: KeyStore): KeyStore {
  return {
    get empty() {
      return keys.empty
    },
    find: (id) => keys.find(id),
    list: () => keys.list(),
    tenants: () => keys.tenants(),
    tenant: (id) => keys.tenant(id),
    add: (key) => disk.write().then(() => keys.add(key)),
    revoke: (id, revokedAt) => disk.write().then(() => keys.revoke(id, revokedAt)),
    setTenant: (tenant) => disk.write().then(() => keys.setTenant(tenant)),
  }
}
