// A service with its API on a real socket, and a real receiver; all closed when the test is over.
import { onTestFinished } from 'vitest'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { createWebhookService } from '../../../src/index.ts'
import type { WebhookService, WebhookServiceOptions } from '../../../src/index.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { createServer } from '../../../src/server/create-server.ts'
import type { HooklineServer } from '../../../src/server/create-server.ts'
import type { Role } from '../../../src/server/keys/caller.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import type { ServerOptions } from '../../../src/server/server-options.ts'
import { createReceiver } from '../../../src/testing/receiver.ts'
import type { Receiver } from '../../../src/testing/receiver.ts'

/** What the answers of the API hold; a test reads what the one it asked for has. */
interface AnswerBody {
  readonly id: string
  readonly url: string
  readonly state: string
  readonly secret: string
  readonly status: string
  readonly tenantId: string | null
  readonly description: string | null
  readonly eventTypes: readonly string[]
  readonly submittedAt: string
  readonly attempts: unknown
  readonly redelivered: number
  readonly stoppedBy: { readonly code: string }
  readonly data: readonly { readonly id: string; readonly endpointId: string }[]
  readonly nextCursor: string
  readonly events: readonly { readonly endpointId: string; readonly eventId: string }[]
  readonly results: readonly { readonly events: readonly { readonly endpointId: string; readonly eventId: string }[] }[]
  readonly error: {
    readonly code: string
    readonly message: string
    readonly fields: readonly { readonly path: string; readonly message: string }[]
    readonly requestId: string
  }
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: AnswerBody
}

export interface Api {
  readonly server: HooklineServer
  readonly service: WebhookService
  readonly receiver: Receiver
  readonly url: string
  /** A text goes out as it is, anything else as JSON. The path follows /api/v1. */
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<ApiAnswer>
  /** The same with a key of its own. */
  readonly as: (role: Role, tenantId: string | null) => Promise<Api['call']>
  /** Registers a webhook at the receiver's next path through the API. */
  readonly webhook: (options?: object) => Promise<string>
  /** Resolves when the event has settled. */
  readonly settled: (eventId: string) => Promise<void>
}

export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

export async function startApi(options: WebhookServiceOptions = {}, serverOptions: ServerOptions = {}): Promise<Api> {
  const service = createWebhookService({ retry: { maxAttempts: 1 }, ...options })
  const receiver = await createReceiver({ secret })
  const keys = memoryKeys()
  const server = createServer(service, { keys, ...serverOptions })
  const { url } = await server.listen()
  onTestFinished(async () => {
    await server.close({ graceMs: 0 })
    await service.shutdown({ timeoutMs: 0 })
    await receiver.close()
  })
  const callWith =
    (authorization: Record<string, string>): Api['call'] =>
    async (method, path, body, headers) => {
      const answer = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { ...authorization, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await answer.text()
      // The test says what the answer holds, by what it expects of it.
      const json = (text === '' ? null : JSON.parse(text)) as AnswerBody
      return { status: answer.status, headers: answer.headers, text, json }
    }
  const call = callWith({})
  let made = 0
  return {
    server,
    service,
    receiver,
    url,
    call,
    async as(role, tenantId) {
      const { text } = await issueKey(
        keys,
        { name: 'test', role, tenantId },
        { clock: systemClock, randomBytes: systemRandomBytes },
      )
      return callWith({ authorization: `Bearer ${text}` })
    },
    async webhook(given) {
      made += 1
      const { json } = await call('POST', '/webhooks', { url: `${receiver.url}/${made}`, secret, ...given })
      return json.id
    },
    settled: (eventId) =>
      new Promise((resolve) => {
        const isSettled = (): boolean => {
          const { status } = service.getEventStatus(eventId)
          return status === 'delivered' || status === 'failed' || status === 'deadLettered'
        }
        if (isSettled()) return resolve()
        service.on('settled', (notice) => {
          if (notice.eventId === eventId) resolve()
        })
      }),
  }
}
