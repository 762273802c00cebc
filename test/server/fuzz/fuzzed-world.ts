// What a fuzzed server stands in: how full its service is, whether it has keys, whether too many wrong ones came, when it ends.
import fc from 'fast-check'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { CapacityError, createWebhookService } from '../../../src/index.ts'
import type { WebhookService } from '../../../src/index.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import type { Role } from '../../../src/server/keys/caller.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import { createScriptedTransport } from '../../support/scripted-transport.ts'
import type { callers } from './generated-call.ts'

export type CallerName = (typeof callers)[number]
export type CallerKeys = Readonly<Record<CallerName, string | null>>

export interface FuzzedWorld {
  /** No key yet: everyone of this machine is let in. */
  readonly isOpen: boolean
  /** More wrong keys came than are answered as such. */
  readonly isExhausted: boolean
  /** Events, and webhooks, that it takes before it is full. */
  readonly room: number
  /** Calls that come when the service has shut down. */
  readonly lateCalls: number
}

export const worlds: fc.Arbitrary<FuzzedWorld> = fc.record({
  isOpen: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
  isExhausted: fc.boolean(),
  room: fc.constantFrom(50, 50, 2, 0),
  lateCalls: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(30)),
})

export const plainWorld: FuzzedWorld = { isOpen: false, isExhausted: false, room: 50, lateCalls: 0 }

const pendingEvents = 60
/** Those of {@link makeService}. */
const madeEndpoints = 6
const merchant = 'https://merchant.example/hooks'
const secret = 'a shared secret'

/** A service whose endpoints answer by chance, without a network, and in which there are things of all kinds; their ids. */
export async function makeService(room: number): Promise<{ service: WebhookService; things: readonly string[] }> {
  const outcomes = [200, 500, 410, 'connect', 400, 'timeout'] as const
  let sent = 0
  const transport = createScriptedTransport(({ eventType }) =>
    eventType === 'dead' ? 'connect' : (outcomes[(sent += 1) % outcomes.length] ?? 200),
  )
  const limits = { pendingEvents, payloadBytes: 2000, endpoints: madeEndpoints + room }
  const service = createWebhookService({ transport, retry: { maxAttempts: 2, initialDelayMs: 0 }, limits })
  const register = (tenantId: string | null, options: object = {}): string =>
    service.registerEndpoint(merchant, secret, { tenantId, ...options })
  const halting = register(null, { whenExhausted: 'halt' })
  const endpoints = ['acme', null, 'other', null].map((tenantId) => register(tenantId))
  const events = endpoints.flatMap((id) => ['dead', 'a.b'].map((type) => service.submitEvent(id, type, { type })))
  await service.drain()
  const held = [service.submitEvent(halting, 'dead', {}), service.submitEvent(halting, 'a', {})]
  return { service, things: [...endpoints, halting, ...held, ...events, ...fill(service, register(null), room)] }
}

/** Lets so many wait that there is room for that many more. */
function fill(service: WebhookService, endpointId: string, room: number): readonly string[] {
  service.pauseEndpoint(endpointId)
  const events: string[] = []
  try {
    while (events.length < pendingEvents - room) events.push(service.submitEvent(endpointId, 'a', events.length))
  } catch (error) {
    if (!(error instanceof CapacityError)) throw error
  }
  return [endpointId, ...events.slice(0, 1)]
}

const forged = `hk_${'0'.repeat(12)}_${'A'.repeat(32)}`
const noKeys = { platform: null, tenant: null, publisher: null, shop: null, reader: null, auditor: null, nobody: null }

interface FuzzedKeys {
  readonly keys: ReturnType<typeof memoryKeys>
  readonly texts: CallerKeys
  /** Of keys with which nobody calls. */
  readonly spareIds: readonly { readonly id: string }[]
}

export async function makeKeys(isOpen: boolean): Promise<FuzzedKeys> {
  const keys = memoryKeys()
  if (isOpen) return { keys, texts: { ...noKeys, forged }, spareIds: [] }
  const issue = async (role: Role, tenantId: string | null = null): Promise<string> => {
    const ports = { clock: systemClock, randomBytes: systemRandomBytes }
    return (await issueKey(keys, { name: role, role, tenantId }, ports)).text
  }
  const texts = {
    platform: await issue('admin'),
    tenant: await issue('admin', 'acme'),
    publisher: await issue('publisher'),
    shop: await issue('publisher', 'acme'),
    reader: await issue('reader'),
    auditor: await issue('reader', 'other'),
    nobody: null,
    forged,
  }
  const spare = [await issue('reader'), await issue('publisher', 'other')]
  return { keys, texts, spareIds: spare.map((text) => ({ id: text.split('_')[1] ?? '' })) }
}
