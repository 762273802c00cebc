// A server to be fuzzed: a service whose endpoints answer by chance, and without a network; a key of every kind.
import { systemClock } from '../../../src/clock/system-clock.ts'
import { createWebhookService } from '../../../src/index.ts'
import type { WebhookService } from '../../../src/index.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { createServer } from '../../../src/server/create-server.ts'
import type { HooklineServer } from '../../../src/server/create-server.ts'
import type { Role } from '../../../src/server/keys/caller.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import { createScriptedTransport } from '../../support/scripted-transport.ts'
import type { JudgedAnswer } from './api-document.ts'
import type { callers, GeneratedCall } from './generated-call.ts'
import { KnownThings } from './known-things.ts'

type CallerName = (typeof callers)[number]
type CallerKeys = Readonly<Record<CallerName, string | null>>

export class FuzzedServer {
  readonly server: HooklineServer
  readonly #faults: unknown[]
  readonly #keys: CallerKeys
  readonly #things: KnownThings
  readonly #stop: () => Promise<void>

  private constructor(parts: Pick<FuzzedServer, 'server' | 'stop'>, keys: CallerKeys, faults: unknown[]) {
    this.server = parts.server
    this.#stop = parts.stop
    this.#keys = keys
    this.#faults = faults
    // A run that revoked its own key would go on asking for nothing.
    this.#things = new KnownThings(new Set(Object.values(keys).map((text) => text?.split('_')[1] ?? '')))
  }

  static async start(): Promise<FuzzedServer> {
    const outcomes = [200, 500, 410, 'connect', 400, 'timeout'] as const
    let sent = 0
    const transport = createScriptedTransport(() => outcomes[(sent += 1) % outcomes.length] ?? 200)
    const service = createWebhookService({ transport, retry: { maxAttempts: 2, initialDelayMs: 0 }, limits })
    const keys = memoryKeys()
    const texts = await issueAll(keys)
    const faults: unknown[] = []
    const onFault = (error: unknown): void => void faults.push(error)
    const server = createServer(service, { keys, stream: { clients: 0 }, onFault })
    const stop = async (): Promise<void> => {
      await server.close({ graceMs: 0 })
      await service.shutdown({ timeoutMs: 0 })
    }
    const fuzzed = new FuzzedServer({ server, stop }, texts, faults)
    fuzzed.#things.learn(populate(service))
    return fuzzed
  }

  /** Sends a call, and remembers what its answer tells of. */
  async answer(call: GeneratedCall): Promise<JudgedAnswer> {
    const body = this.#things.fill(call.body)
    const { status, headers, text } = await this.server.inject({
      method: call.operation.method,
      path: this.#targetOf(call),
      headers: this.#headersOf(call),
      ...(call.body !== undefined && { body: call.text ?? JSON.stringify(body) }),
    })
    const type = headers['content-type']
    const mediaType = typeof type === 'string' ? type.split(';', 1).join('') : null
    if (mediaType === 'application/json') this.#things.learn(JSON.parse(text))
    return { status, mediaType, text }
  }

  /** What ended in a 500 since it was last asked. */
  takeFaults(): readonly unknown[] {
    return this.#faults.splice(0)
  }

  stop(): Promise<void> {
    return this.#stop()
  }

  #targetOf({ operation, path, query }: GeneratedCall): string {
    const parts = Object.entries(path).map(([name, value]) => [`{${name}}`, encode(this.#things.fill(value))] as const)
    const target = parts.reduce((text, [name, value]) => text.replace(name, () => value), operation.path)
    const pairs = Object.entries(query).flatMap(([name, value]) =>
      [value].flat().map((one) => `${encode(name)}=${encode(this.#things.fill(one))}`),
    )
    return pairs.length === 0 ? target : `${target}?${pairs.join('&')}`
  }

  #headersOf({ caller, headers, body, mediaType }: GeneratedCall): Record<string, string> {
    const key = this.#keys[caller]
    const given = Object.entries(headers).map(([name, value]) => [name, printable(this.#things.fill(value))] as const)
    return {
      ...Object.fromEntries(given),
      ...(body !== undefined && { 'content-type': mediaType }),
      ...(key !== null && { authorization: `Bearer ${key}` }),
    }
  }
}

const limits = { pendingEvents: 200, payloadBytes: 2000 }

/** What there is before the first call: sequences are too short to make it all. */
function populate(service: WebhookService): readonly string[] {
  const tenants = ['acme', null, 'other', null]
  const endpoints = tenants.map((tenantId) =>
    service.registerEndpoint('https://merchant.example/hooks', 'a shared secret', { tenantId }),
  )
  const events = endpoints.flatMap((id) => ['a', 'a.b', 'c.d'].map((type) => service.submitEvent(id, type, { type })))
  return [...endpoints, ...events]
}

async function issueAll(keys: ReturnType<typeof memoryKeys>): Promise<CallerKeys> {
  const issue = async (role: Role, tenantId: string | null = null): Promise<string> => {
    const ports = { clock: systemClock, randomBytes: systemRandomBytes }
    return (await issueKey(keys, { name: role, role, tenantId }, ports)).text
  }
  return {
    platform: await issue('admin'),
    tenant: await issue('admin', 'acme'),
    publisher: await issue('publisher'),
    reader: await issue('reader'),
    nobody: null,
    forged: `hk_${'0'.repeat(12)}_${'A'.repeat(32)}`,
  }
}

/** What comes as a text in a URL; what UTF-8 has no form for goes as what stands for that. */
function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return encodeURIComponent(Buffer.from(text).toString())
}

/** A header holds no more than this. */
function printable(value: unknown): string {
  return String(value).replaceAll(/[^\x20-\x7e]/g, '?')
}
