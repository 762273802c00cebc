// A service with two tenants behind a server with keys of every kind, for requests to every route.
import { createWebhookService } from '../../../src/index.ts'
import type { WebhookService } from '../../../src/index.ts'
import { createServer } from '../../../src/server/create-server.ts'
import type { Role } from '../../../src/server/keys/caller.ts'
import { roles } from '../../../src/server/keys/caller.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import { setTenantActive } from '../../../src/server/keys/tenant-list.ts'
import type { Route } from '../../../src/server/routes/route.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { createVirtualClock } from '../../../src/testing/virtual-clock.ts'

/** Whose the thing is that a request is about. */
const targetTenant = 'acme'

/** What a request is about: each of them there, and the target tenant's. */
export interface Target {
  readonly webhookId: string
  readonly deliveryId: string
  readonly keyId: string
  readonly tenantId: string
}

/** Ids of the right form, of nothing. */
export const nothing: Target = {
  webhookId: 'ep_nothing',
  deliveryId: 'evt_nothing',
  keyId: '000000000000',
  tenantId: 'nobody',
}

export interface Answered {
  readonly status: number
  readonly text: string
}

export interface AccessWorld {
  readonly service: WebhookService
  /** The keys that are let in, by whose they are: `platform`, `own`, `foreign`. */
  readonly keys: Readonly<Record<Role, Readonly<Record<Belonging, string>>>>
  /** Those that are not, by why. `none` is no key at all. */
  readonly refused: Readonly<Record<'none' | 'unknown' | 'revoked' | 'inactive', string>>
  /** A webhook with a dead letter, and a key, made for one request. */
  target(): Promise<Target>
  send(route: Route, target: Target, key: string): Promise<Answered>
  close(): Promise<void>
}

export type Belonging = 'platform' | 'own' | 'foreign'

const tenantOf = { platform: null, own: targetTenant, foreign: 'globex' } as const

export async function createAccessWorld(): Promise<AccessWorld> {
  const service = createWebhookService({ retry: { maxAttempts: 1 } })
  // Of its own, so that wrong keys are never too many.
  const clock = createVirtualClock()
  const store = memoryKeys()
  const ports = { clock, randomBytes: systemRandomBytes }
  const issue = async (role: Role, tenantId: string | null): Promise<{ text: string; id: string }> => {
    const { text, key } = await issueKey(store, { name: 'a key', role, tenantId }, ports)
    return { text, id: key.id }
  }
  const keysOf = async (role: Role): Promise<Record<Belonging, string>> => ({
    platform: (await issue(role, tenantOf.platform)).text,
    own: (await issue(role, tenantOf.own)).text,
    foreign: (await issue(role, tenantOf.foreign)).text,
  })
  const revoked = await issue('admin', null)
  await store.revoke(revoked.id, '2025-01-01T00:00:00.000Z')
  const inactive = await issue('admin', 'asleep')
  await setTenantActive(store, { id: 'asleep', active: false }, '2025-01-01T00:00:00.000Z')
  const keys = { admin: await keysOf('admin'), publisher: await keysOf('publisher'), reader: await keysOf('reader') }
  const server = createServer(service, { keys: store, clock })
  const { url } = await server.listen()
  return {
    service,
    keys,
    refused: {
      none: '',
      unknown: `hk_0123456789ab_${'0'.repeat(48)}`,
      revoked: revoked.text,
      inactive: inactive.text,
    },
    async target() {
      // Nothing listens there: the event is a dead letter after its one attempt.
      const webhookId = service.registerEndpoint('http://127.0.0.1:9/', 'secret', { tenantId: targetTenant })
      const deliveryId = service.submitEvent(webhookId, 'order.paid', { order: 7 })
      await service.drain()
      return { webhookId, deliveryId, keyId: (await issue(roles[2], null)).id, tenantId: 'initech' }
    },
    async send(route, target, key) {
      await clock.advance(60_000)
      const body = bodyOf(route, target)
      const answer = await fetch(url + pathOf(route, target), {
        method: route.method,
        headers: {
          ...(key !== '' && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: answer.status, text: await textOf(answer) }
    },
    async close() {
      await server.close()
      await service.shutdown()
    },
  }
}

/** By the folder of a path, what its `:id` is. */
const idIn: Readonly<Record<string, keyof Target>> = {
  webhooks: 'webhookId',
  deliveries: 'deliveryId',
  dlq: 'deliveryId',
  keys: 'keyId',
  tenants: 'tenantId',
}

/** A valid body for every route that takes one, by its operationId. */
const bodies: Readonly<Record<string, (target: Target) => unknown>> = {
  submitEvents: ({ webhookId }) => ({ endpointId: webhookId, eventType: 'order.paid', payload: {} }),
  createWebhook: () => ({ url: 'http://127.0.0.1:9/' }),
  changeWebhook: () => ({ description: 'changed' }),
  rotateSecret: () => ({}),
  sendTestEvent: () => ({}),
  redeliverDeadLetters: ({ webhookId }) => ({ endpointId: webhookId }),
  createKey: () => ({ name: 'made', role: 'reader' }),
  putTenant: () => ({ active: true }),
}

/** @throws for a route that this file does not know how to ask: it must be taught before the route is let in */
export function pathOf({ method, path }: Route, target: Target): string {
  return path.replaceAll(/\/([^/:]+)\/:(\w+)/g, (_, folder: string, name: string) => {
    const field = name === 'id' ? idIn[folder] : undefined
    if (field === undefined) throw new Error(`no case for :${name} of ${method} ${path}`)
    return `/${folder}/${target[field]}`
  })
}

export function bodyOf({ method, path, operationId, request }: Route, target: Target): unknown {
  if (request.body === undefined) return undefined
  const make = bodies[operationId]
  if (make === undefined) throw new Error(`no case for the body of ${method} ${path} (${operationId})`)
  return make(target)
}

/** Of a stream, which does not end, nothing. */
async function textOf(answer: Response): Promise<string> {
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') !== true) return answer.text()
  await answer.body?.cancel()
  return ''
}

/** Whether a request names what it is about; else it is about all that the caller sees. */
export function namesTarget(route: Route): boolean {
  return route.path.includes('/:') || JSON.stringify(bodyOf(route, nothing))?.includes(nothing.webhookId)
}
