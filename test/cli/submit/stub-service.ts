import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface StubRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An answer of a status and a body; `drop` breaks the connection after the request was read. */
export type StubAnswer =
  'drop' | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }

/** What stands in for the service: answers as told. */
export interface StubService {
  readonly url: string
  readonly requests: readonly StubRequest[]
  close(): Promise<void>
}

export async function startStub(answer: (request: StubRequest, count: number) => StubAnswer): Promise<StubService> {
  const requests: StubRequest[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const seen = { path: request.url ?? '', headers: request.headers, body }
      requests.push(seen)
      const answered = answer(seen, requests.length)
      if (answered === 'drop') request.socket.destroy()
      else response.writeHead(answered.status, answered.headers).end(JSON.stringify(answered.body ?? {}))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, requests, close }
}

export interface Submitted {
  readonly eventType: string
  readonly payload: unknown
  readonly endpointId?: string
  readonly idempotencyKey: string
}

export function eventsOf({ body }: StubRequest): Submitted[] {
  // The stub is sent what the test wrote.
  return JSON.parse(body) as Submitted[]
}

/** Accepts all of a batch, as one event for one endpoint each. */
export function accepted(request: StubRequest): StubAnswer {
  const results = eventsOf(request).map(({ idempotencyKey }) => ({
    events: [{ eventId: `evt_${idempotencyKey}`, endpointId: 'ep_1' }],
  }))
  return { status: 202, body: { results } }
}
