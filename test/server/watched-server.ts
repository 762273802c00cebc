import { onTestFinished } from 'vitest'
import { createServer } from '../../src/server/create-server.ts'
import type { HooklineServer } from '../../src/server/create-server.ts'
import type { TestServerOptions } from '../../src/server/server-options.ts'
import type { WebhookService } from '../../src/webhook-service.ts'

/** A server on a free port for one test; closed when that is over. */
export async function startServer(
  service: WebhookService,
  options: TestServerOptions = {},
): Promise<{ server: HooklineServer; url: string }> {
  const server = createServer(service, options)
  const { url } = await server.listen()
  onTestFinished(() => server.close())
  return { server, url }
}
