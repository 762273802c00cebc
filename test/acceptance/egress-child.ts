// A process of its own for egress.test.ts: delivers one event to each URL in turn, shuts down, leaves it to Node to end
// the process, and prints how the events ended and how long the process lived on.
import { systemClock } from '../../src/clock/system-clock.ts'
import { createWebhookService } from '../../src/index.ts'
import { createEgressPolicy } from '../../src/transport/egress/egress-policy.ts'
import { createNameResolver } from '../../src/transport/egress/name-resolver.ts'
import { createUndiciTransport } from '../../src/transport/undici-transport.ts'
import { settled } from './await-events.ts'

// The test wrote it: the URLs, and the DNS servers to ask (none: the default transport is used as it is).
const { urls, servers } = JSON.parse(process.argv[2] ?? '') as { urls: string[]; servers: string[] }

const egress = { allow: ['127.0.0.1'] }
const policy = createEgressPolicy(egress, 'egress', process.env)
const lookup = createNameResolver({ clock: systemClock, mayBeLocal: () => false, servers })
const transport =
  servers.length === 0 ? undefined : createUndiciTransport({ egress: policy, clock: systemClock, lookup })
const service = createWebhookService({ egress, transport, timeoutMs: 500, retry: { maxAttempts: 1 } })

const outcomes: unknown[] = []
for (const url of urls) {
  const event = service.submitEvent(service.registerEndpoint(url, 'a secret that both sides know'), 'tick', {})
  await settled(service, event)
  const { status, attempts, lastError } = service.getEvent(event)
  outcomes.push({ status, attempts: attempts.length, lastError, failure: attempts[0]?.failure })
}
await service.shutdown()
const endsAt = performance.now()
process.on('exit', () => {
  process.stdout.write(JSON.stringify({ outcomes, livedOnMs: performance.now() - endsAt }))
})
