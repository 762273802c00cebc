// How a service is started in a new life of its process: the first time, and again after a crash, on the log of the lives
// before it.
import { createWebhookService } from '../../service.ts'
import type { WebhookService } from '../../webhook-service.ts'
import type { WebhookServiceOptions } from '../../service-options.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'

/** Throws what the ports throw, when the process dies meanwhile. */
export function startService(options: WebhookServiceOptions, endpoints: readonly SimulatedEndpoint[]): WebhookService {
  const service = createWebhookService(options)
  for (const endpoint of endpoints) if (!endpoint.removed) register(service, endpoint)
  return service
}

function register(service: WebhookService, endpoint: SimulatedEndpoint): void {
  endpoint.id = service.registerEndpoint(endpoint.url, endpoint.secret, endpoint.options)
  // An overlap of two secrets is not in the log, and ends with the process.
  endpoint.secrets.length = 1
}
