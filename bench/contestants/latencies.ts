import { setTimeout as wait } from 'node:timers/promises'
import type { WebhookService } from '../../src/index.ts'
import { percentileOf } from '../measure/statistics.ts'
import { eventType, payload } from './payload.ts'
import type { Latency } from './order.ts'

/** How often the application submits what is due. */
const tickMs = 5

/** Submits `count` events at a fixed pace, to one endpoint after the other, and measures each from submission until it has settled. */
export async function measureLatencies(
  service: WebhookService,
  endpointIds: readonly string[],
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
): Promise<Latency> {
  const submittedAt = new Map<string, number>()
  const latencies: number[] = []
  let finish = (): void => undefined
  const finished = new Promise<void>((resolve) => (finish = resolve))
  const stop = service.on('settled', ({ eventId }) => {
    const since = submittedAt.get(eventId)
    if (since === undefined) return
    latencies.push(performance.now() - since)
    if (latencies.length === count) finish()
  })
  const startedAt = performance.now()
  for (let submitted = 0; submitted < count;) {
    const due = Math.min(count, ((performance.now() - startedAt) / 1000) * perSecond)
    for (; submitted < due; submitted += 1) {
      const now = performance.now()
      const endpointId = endpointIds[submitted % endpointIds.length] ?? ''
      submittedAt.set(service.submitEvent(endpointId, eventType, payload(submitted)), now)
    }
    await wait(tickMs)
  }
  await finished
  stop()
  return { p50Ms: percentileOf(latencies, 0.5), p99Ms: percentileOf(latencies, 0.99) }
}
