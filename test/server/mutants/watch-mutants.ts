// What is told of a service while it is served: figures, health, live streams, alerts.
import { mutant } from './mutant.ts'
import type { Mutant } from './mutant.ts'

const health = 'server/health/health.ts'
const streams = 'server/stream/delivery-streams.ts'
const client = 'server/stream/stream-client.ts'
const alerts = 'server/alerts/alerts.ts'

export const watchMutants: readonly Mutant[] = [
  mutant('metrics: event types are told apart without bound', 'server/metrics/metrics-route', [
    'server/metrics/bounded-counts.ts',
    'this.#byName.size < this.#limit',
    'this.#byName.size < Infinity',
  ]),
  mutant('metrics: endpoints that are removed are counted for ever', 'server/metrics/metrics-route', [
    'server/metrics/endpoint-conditions.ts',
    'if (condition === null) this.#notable.delete(endpointId)',
    'if (condition === null) return',
  ]),
  mutant('metrics: a step that settles nothing is counted as settled', 'server/metrics/metrics-route', [
    'server/metrics/delivery-counts.ts',
    'if (from !== to && (',
    'if (from !== null && (',
  ]),
  mutant('health: ready while it closes', 'server/health/health-routes', [
    health,
    "if (closing.aborted) reasons.push('closing')",
    '',
  ]),
  mutant('health: ready while the log takes nothing', 'server/health/health-routes', [
    health,
    "if (log.condition === 'held') reasons.push('logHeld')",
    '',
  ]),
  mutant('health: ready when the log has stopped', 'server/health/health-routes', [
    health,
    "if (log.condition === 'stopped') reasons.push('logStopped')",
    '',
  ]),
  mutant('health: ready however far it lags', 'server/health/health-routes', [
    health,
    "if (maxLagMs !== null && lagMs > maxLagMs) reasons.push('lagging')",
    '',
  ]),
  mutant('health: 200 when it is not ready', 'server/health/health-routes', [
    'server/health/health-routes.ts',
    'status: ready ? 200 : 503',
    'status: 200',
  ]),
  mutant(
    'stream: a client that does not read is kept for all of it',
    'server/stream/stream-route',
    [
      client,
      'if (this.#response.writableLength <= this.#bufferedBytes) return true',
      'if (this.#response.writableLength >= 0) return true',
    ],
    [
      client,
      'return this.#response.writableLength > this.#bufferedBytes / 2',
      'return this.#response.writableLength > Infinity',
    ],
  ),
  mutant('stream: a client that reads nothing more is kept for ever', 'server/stream/stream-route', [
    client,
    'else if (this.#stalledBeats > 0) this.#drop()',
    'else if (this.#stalledBeats > 1_000_000) this.#drop()',
  ]),
  mutant('stream: as many clients as anyone likes', 'server/stream/stream-route', [
    streams,
    'if (this.#clients.size >= clients) return false',
    'if (clients === -1) return false',
  ]),
  mutant("stream: one tenant's clients take the place of all", 'server/stream/stream-route', [
    streams,
    'return ofTenant < clientsPerTenant',
    'return ofTenant < Infinity || clientsPerTenant === 0',
  ]),
  mutant('stream: a client that comes back is read all there is', 'server/stream/stream-route', [
    'server/stream/catch-up.ts',
    'if (this.#left === 0) return this.#giveUp()',
    'if (this.#left === -1) return this.#giveUp()',
  ]),
  mutant('stream: it stays open for ever', 'server/stream/stream-route', [
    streams,
    "else if (nowMs - client.openedAtMs >= this.#settings.ageMs) client.end('age')",
    "else if (nowMs < 0) client.end('age')",
  ]),
  mutant('stream: a key that was revoked goes on listening', 'server/stream/stream-route', [
    streams,
    "else if (!client.isLetIn()) client.end('key')",
    "else if (nowMs < 0) client.end('key')",
  ]),
  mutant("stream: tenants hear of each other's deliveries", 'server/stream/stream-route', [
    'server/stream/stream-filter.ts',
    'if (tenantId !== null && tenantId !== message.tenantId) return false',
    '',
  ]),
  mutant('stream: steps show payloads', 'server/stream/stream-route', [
    'server/stream/stream-message.ts',
    '      step: event.type,\n',
    '      step: event.type,\n      record: event,\n',
  ]),
  mutant('stream: the log is listened to while nobody listens', 'server/stream/stream-route', [
    streams,
    'if (this.#clients.size === 0) this.#stopListening()',
    '',
  ]),
  mutant('alerts: one that is not delivered is the reason for another', 'server/alerts/alerts', [
    alerts,
    '    this.#lost += 1\n',
    `    this.#lost += 1
    const details = { eventId: '', eventType, attempts: 1, error: why }
    this.#raise({ kind: 'deadLetter', at: '', endpointId: null, message: 'an alert was not delivered', more: 0, details })
`,
  ]),
  mutant('alerts: as many as there is trouble', 'server/alerts/alerts', [
    alerts,
    'if (this.#throttle.admit(alert, this.#ports.clock.monotonic())) this.#send(alert)',
    'if (this.#throttle.admit(alert, this.#ports.clock.monotonic()) || alert.more === 0) this.#send(alert)',
  ]),
  mutant('alerts: those withheld are not told of', 'server/alerts/alerts', [
    alerts,
    'for (const summary of this.#throttle.takeAll()) this.#send(summary)',
    '',
  ]),
  mutant('alerts: endpoints are told apart without bound', 'server/alerts/alert-throttle', [
    'server/alerts/alert-throttle.ts',
    'this.#windows.size < mostWindows',
    'this.#windows.size < Infinity',
  ]),
  mutant('alerts: signed by another secret', 'server/alerts/alerts', [
    alerts,
    'needsSecret(settings) ? secret : unreadSecret()',
    'needsSecret(settings) ? unreadSecret() : secret',
  ]),
  mutant('alerts: names that others chose call a channel', 'server/alerts/alerts', [
    'server/alerts/alert-body.ts',
    ".replaceAll('<', '&lt;')",
    '',
  ]),
  mutant(
    'alerts: of lag again and again',
    'server/alerts/alerts',
    ['server/alerts/alert-sources.ts', 'this.#lagging = true', 'this.#lagging = false'],
    [
      'server/alerts/alert-throttle.ts',
      'if (window === undefined) {',
      "if (window === undefined || alert.kind === 'lag') {",
    ],
  ),
  mutant('alerts: of breakers that close', 'server/alerts/alerts', [
    'server/alerts/alert-sources.ts',
    "if (state !== 'open') return",
    '',
  ]),
]
