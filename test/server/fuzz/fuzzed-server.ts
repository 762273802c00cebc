// A server to be fuzzed: sends it what was drawn, and remembers what it tells of.
import { createServer } from '../../../src/server/create-server.ts'
import type { HooklineServer } from '../../../src/server/create-server.ts'
import { mediaTypeOf } from './api-document.ts'
import type { JudgedAnswer } from './api-document.ts'
import { FuzzedStreams } from './fuzzed-streams.ts'
import type { SentRequest } from './fuzzed-streams.ts'
import { makeKeys, makeService } from './fuzzed-world.ts'
import type { CallerKeys, FuzzedWorld } from './fuzzed-world.ts'
import type { GeneratedCall } from './generated-call.ts'
import { KnownThings } from './known-things.ts'

interface FuzzedParts {
  readonly server: HooklineServer
  readonly streams: FuzzedStreams
  readonly keys: CallerKeys
  readonly faults: unknown[]
  readonly things: KnownThings
  readonly shutDown: () => Promise<unknown>
}

const limits = { bodyBytes: 16_384 }
const wrongKeys = 51

export class FuzzedServer {
  readonly server: HooklineServer
  readonly streams: FuzzedStreams
  readonly #parts: FuzzedParts

  private constructor(parts: FuzzedParts) {
    this.server = parts.server
    this.streams = parts.streams
    this.#parts = parts
  }

  static async start({ isOpen, isExhausted, room }: FuzzedWorld): Promise<FuzzedServer> {
    const { service, things } = await makeService(room)
    const { keys, texts, spareIds } = await makeKeys(isOpen)
    const faults: unknown[] = []
    const onFault = (error: unknown): void => void faults.push(error)
    const server = createServer(service, { keys, limits, stream: { clients: 2, clientsPerTenant: 1 }, onFault })
    const { url } = await server.listen()
    // A run that revoked its own key would go on asking for nothing.
    const known = new KnownThings(new Set(Object.values(texts).map((text) => text?.split('_')[1] ?? '')))
    known.learn([...things, ...spareIds])
    if (isExhausted && !isOpen) await useUpFailures(server, texts)
    const shutDown = (): Promise<unknown> => service.shutdown({ timeoutMs: 0 })
    const streams = new FuzzedStreams(url)
    return new FuzzedServer({ server, streams, keys: texts, faults, things: known, shutDown })
  }

  /** Sends a call, and remembers what its answer tells of. */
  async answer(call: GeneratedCall): Promise<JudgedAnswer> {
    const sent = this.#requestOf(call)
    const needsConnection = call.trouble === 'twoHosts' || call.operation.operationId === 'streamDeliveries'
    const answer = needsConnection
      ? await this.streams.send(sent, call.stays, call.trouble === 'twoHosts' ? 2 : 1)
      : await this.server.inject(sent)
    if (mediaTypeOf(answer) === 'application/json') this.#parts.things.learn(JSON.parse(answer.text))
    return answer
  }

  /** What ended in a 500 since it was last asked. */
  takeFaults(): readonly unknown[] {
    return this.#parts.faults.splice(0)
  }

  /** As the last thing before it closes: the service takes nothing more, the server says so. */
  async retire(): Promise<void> {
    this.server.retire()
    await this.#parts.shutDown()
  }

  async stop(): Promise<void> {
    await this.server.close({ graceMs: 0 })
    await this.#parts.shutDown()
  }

  #requestOf(call: GeneratedCall): SentRequest {
    const text = call.body === undefined ? undefined : (call.text ?? JSON.stringify(this.#fill(call.body)))
    const isOversized = call.trouble === 'oversized' && call.operation.method !== 'GET'
    const body = isOversized ? (text ?? '{}').padEnd(limits.bodyBytes + 1) : text
    const headers = this.#headersOf(call, body !== undefined)
    return { method: call.operation.method, path: this.#targetOf(call), headers, body }
  }

  #fill(value: unknown): unknown {
    return this.#parts.things.fill(value)
  }

  #targetOf({ operation, path, query, trouble }: GeneratedCall): string {
    const parts = Object.entries(path).map(([name, value]) => {
      return [`{${name}}`, encode(trouble === 'longPath' ? 'a'.repeat(600) : this.#fill(value))] as const
    })
    const target = parts.reduce((text, [name, value]) => text.replace(name, () => value), operation.path)
    const pairs = Object.entries(Object(this.#fill(query)) as object).flatMap(([name, value]: [string, unknown]) =>
      [value].flat().map((one) => `${encode(name)}=${encode(one)}`),
    )
    return pairs.length === 0 ? target : `${target}?${pairs.join('&')}`
  }

  #headersOf({ caller, headers, mediaType, trouble }: GeneratedCall, hasBody: boolean): Record<string, string> {
    const key = this.#parts.keys[caller]
    const given = Object.entries(headers).map(([name, value]) => [name, printable(this.#fill(value))] as const)
    return {
      ...Object.fromEntries(given),
      ...(hasBody && { 'content-type': mediaType }),
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(trouble === 'foreignHost' && { host: 'elsewhere.example' }),
    }
  }
}

async function useUpFailures(server: HooklineServer, { forged }: CallerKeys): Promise<void> {
  const headers = { authorization: `Bearer ${forged ?? ''}` }
  for (let sent = 0; sent < wrongKeys; sent += 1) {
    await server.inject({ method: 'GET', path: '/api/v1/version', headers })
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
