// A server on a real SQLite file under attack, and the question after each: does it still answer, and deliver?
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'
import { expect, onTestFinished } from 'vitest'
import { createWebhookService } from '../../../src/index.ts'
import type { WebhookService, WebhookServiceOptions } from '../../../src/index.ts'
import { createServer } from '../../../src/server/create-server.ts'
import type { ServerOptions } from '../../../src/server/server-options.ts'
import { sqliteLog } from '../../../src/sqlite/index.ts'
import { createReceiver } from '../../../src/testing/receiver.ts'
import type { Receiver } from '../../../src/testing/receiver.ts'
import { freshPath } from '../../support/sqlite-files.ts'

export interface AttackedServer {
  readonly service: WebhookService
  readonly receiver: Receiver
  readonly url: string
  readonly port: number
  /** The webhook to which {@link expectSound} submits. */
  readonly endpointId: string
  /** Errors that the server could not judge. */
  readonly faults: readonly unknown[]
  readonly post: (path: string, body: string | Buffer, headers?: Record<string, string>) => Promise<Response>
  /** Opens a connection that is closed when the test ends. */
  readonly open: () => Promise<Socket>
  /** Fails unless the next request is answered, a delivery goes through, and there was no internal error. */
  readonly expectSound: () => Promise<void>
}

export async function attackedServer(
  options: ServerOptions = {},
  serviceOptions: WebhookServiceOptions = {},
): Promise<AttackedServer> {
  const service = createWebhookService({ log: sqliteLog(freshPath()), ...serviceOptions })
  const receiver = await createReceiver()
  const faults: unknown[] = []
  const server = createServer(service, { ...options, onFault: (error) => faults.push(error) })
  const { url, port } = await server.listen()
  onTestFinished(async () => {
    await server.close({ graceMs: 0 })
    await service.shutdown({ timeoutMs: 0 })
    await receiver.close()
  })
  const endpointId = service.registerEndpoint(`${receiver.url}/sound`, 'a shared secret')
  const post: AttackedServer['post'] = (path, body, headers) =>
    fetch(`${url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
  return {
    service,
    receiver,
    url,
    port,
    endpointId,
    faults,
    post,
    async open() {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined)
      onTestFinished(() => void socket.destroy())
      await once(socket, 'connect')
      return socket
    },
    async expectSound() {
      const before = receiver.counts('/sound').received
      const answer = await post('/events', JSON.stringify({ endpointId, eventType: 'sound', payload: { before } }))
      expect(answer.status).toBe(202)
      await receiver.waitUntil(() => receiver.counts('/sound').received > before)
      expect(faults).toEqual([])
    },
  }
}
