import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { createWebhookService } from '../../src/index.ts'
import type { WebhookService } from '../../src/index.ts'
import { createServer } from '../../src/server/create-server.ts'
import type { HooklineServer } from '../../src/server/create-server.ts'
import type { TestServerOptions } from '../../src/server/server-options.ts'

export interface TestServer {
  readonly server: HooklineServer
  readonly service: WebhookService
  readonly url: string
  readonly port: number
}

/** A server on a real socket, closed with its service when the test ends. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { server, service } = makeServer(options)
  const { url, port } = await server.listen({ host: '127.0.0.1', port: 0 })
  return { server, service, url, port }
}

/** One that does not listen: requests are injected. */
export function makeServer(options: TestServerOptions = {}): Pick<TestServer, 'server' | 'service'> {
  const service = createWebhookService()
  const server = createServer(service, options)
  onTestFinished(async () => {
    await server.close({ graceMs: 0 })
    await service.shutdown()
  })
  return { server, service }
}

/** Sends bytes as they are, and resolves with all that came back once the other side has closed. */
export function exchange(port: number, ...pieces: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => {
      for (const piece of pieces) socket.write(piece)
    })
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', (error: Error & { code?: string }) => (error.code === 'ECONNRESET' ? undefined : reject(error)))
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()))
  })
}
