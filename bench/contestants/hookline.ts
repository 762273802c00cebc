import { setTimeout as wait } from 'node:timers/promises'
import { createWebhookService } from '../../src/index.ts'
import type { WebhookService, WebhookServiceOptions } from '../../src/index.ts'
import type {
  BacklogContestant,
  ContestantSettings,
  LatencyContestant,
  PacedContestant,
  RestartedContestant,
} from './contestant.ts'
import { endpointIdOf } from './endpoint-id.ts'
import { measureLatencies } from './latencies.ts'
import { eventType, payload } from './payload.ts'
import { secret } from './signed-request.ts'
import { submitPaced } from './submit-paced.ts'

/** How often the application looks how much is pending, and submits what is missing. */
const refillMs = 5

/** hookline as an application uses it, with its log in memory unless `more` has another. `more`: options beside those of every chapter. */
export function startHookline(
  settings: ContestantSettings,
  more: WebhookServiceOptions = {},
): BacklogContestant & LatencyContestant & PacedContestant & RestartedContestant {
  const service = createWebhookService({ ...serviceOptions(settings), ...more })
  const endpointIds = Array.from({ length: settings.endpoints }, (_, index) =>
    service.registerEndpoint(`${settings.receiverOrigin}/endpoint-${index}`, secret, { id: endpointIdOf(index) }),
  )
  let submitted = 0
  const first = new Promise<void>((resolve) => service.on('settled', () => resolve()))
  if (settings.hanging !== null) hang(service, settings.hanging)

  function submit(count: number): void {
    for (const until = submitted + count; submitted < until; submitted += 1) {
      const endpointId = endpointIds[submitted % endpointIds.length] ?? ''
      service.submitEvent(endpointId, eventType, payload(submitted))
    }
  }

  async function deliver(count: number): Promise<void> {
    const attemptsBefore = service.stats().attempts
    const end = submitted + count
    while (submitted < end) {
      submit(Math.min(settings.window - pendingOf(service), end - submitted))
      // As an application does before it says yes to whoever gave it the events.
      if (service.stats().durable) await service.flush()
      if (submitted < end) await wait(refillMs)
    }
    await service.drain()
    requireDelivered(service, service.stats().attempts - attemptsBefore, count)
  }

  function fill(count: number): number {
    for (const endpointId of endpointIds) service.pauseEndpoint(endpointId)
    submit(count)
    return service.stats().pendingBytes
  }

  async function deliverHolding(count: number): Promise<number> {
    const { attempts, events } = service.stats()
    const backlog = events.pending
    for (const endpointId of endpointIds) service.resumeEndpoint(endpointId)
    while (service.stats().attempts - attempts < count) {
      await wait(refillMs)
      submit(Math.max(0, backlog - pendingOf(service)))
    }
    for (const endpointId of endpointIds) service.pauseEndpoint(endpointId)
    while (service.stats().inFlight > 0) await wait(1)
    submit(Math.max(0, backlog - pendingOf(service)))
    const delivered = service.stats().attempts - attempts
    requireDelivered(service, delivered, delivered)
    return delivered
  }

  return {
    deliver,
    fill,
    deliverHolding,
    submitPaced: async (pace) => {
      const submissions = await submitPaced(pace, submitted, submit)
      await service.drain()
      return submissions
    },
    firstDelivery: () => first,
    latency: (pace) => measureLatencies(service, endpointIds, pace),
    close: () => closed(service),
  }
}

/** More events than time out while the bench runs. */
const eventsThatHang = 20

function hang(service: WebhookService, { origin, endpoints }: NonNullable<ContestantSettings['hanging']>): void {
  for (let endpoint = 0; endpoint < endpoints; endpoint += 1) {
    const endpointId = service.registerEndpoint(`${origin}/endpoint-${endpoint}`, secret)
    for (let event = 0; event < eventsThatHang; event += 1) service.submitEvent(endpointId, eventType, payload(event))
  }
}

function serviceOptions({ connections, idleConnections }: ContestantSettings): WebhookServiceOptions {
  return {
    concurrency: connections,
    limits: {
      pendingEvents: 2_000_000,
      pendingBytes: 2 ** 34,
      ...(idleConnections === null ? {} : { idleConnections }),
    },
    egress: { privateNetworks: 'allow' },
  }
}

function pendingOf(service: WebhookService): number {
  const { pending, delivering, backoff } = service.stats().events
  return pending + delivering + backoff
}

/** Every delivery took one attempt, or there were others. */
function requireDelivered(service: WebhookService, attempts: number, deliveries: number): void {
  const { failed, deadLettered, backoff } = service.stats().events
  if (attempts === deliveries && failed + deadLettered + backoff === 0) return
  throw new Error(`${deliveries} deliveries took ${attempts} attempts; ${failed} failed, ${backoff} are backing off`)
}

async function closed(service: WebhookService): Promise<void> {
  await service.shutdown()
}
