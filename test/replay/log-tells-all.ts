// What a running service and its log must agree on, whatever has happened.
import { expect } from 'vitest'
import type { StatusCounts } from '../../src/event/readings.ts'
import type { EndpointState } from '../../src/health/endpoint-health.ts'
import { exportJsonl, importJsonl } from '../../src/log/jsonl.ts'
import type { LogRecord } from '../../src/log/transition.ts'
import { FoldedLog } from '../../src/replay/folded-log.ts'
import { replay } from '../../src/replay/replay.ts'
import type { ReplayedEndpoint } from '../../src/replay/replay.ts'
import type { WebhookService } from '../../src/webhook-service.ts'

/** Whatever the service says of its events, the log alone says too. */
export function expectLogTellsAll(service: WebhookService): void {
  const { events, endpoints } = replay(importJsonl(exportJsonl(service.log)))
  const counts: StatusCounts = { pending: 0, delivering: 0, backoff: 0, delivered: 0, failed: 0, deadLettered: 0 }
  for (const [eventId, replayed] of events) {
    const { status, attempts, lastError, deliveredAt, retryAt } = replayed
    expect(service.getEventStatus(eventId)).toEqual({ status, attempts, lastError, deliveredAt })
    expect(service.getEvent(eventId)).toMatchObject({ status, lastError, deliveredAt, retryAt })
    expect(service.explain(eventId)).toMatchObject({ status, attempts, lastError })
    counts[status] += 1
  }
  expect(service.stats().events).toEqual(counts)
  for (const { id, state, health } of service.listEndpoints()) {
    const replayed = endpoints.get(id) ?? unmarked
    expect(publicState(replayed.state)).toBe(state)
    const { failingSince, disableAt, disableReason } = replayed
    expect(health).toMatchObject({ failingSince, disableAt, disableReason })
    if (health.breaker !== null)
      expect(health.breaker).toMatchObject({ state: replayed.breaker, reopensAt: replayed.reopensAt })
  }
}

/** An endpoint without records of its own. */
const unmarked: Omit<ReplayedEndpoint, 'endpointId'> = {
  state: 'active',
  failingSince: null,
  disableAt: null,
  disableReason: null,
  breaker: 'closed',
  reopensAt: null,
}

function publicState(state: ReplayedEndpoint['state']): EndpointState {
  return state === 'paused' || state === 'disabled' ? state : 'active'
}

export function foldOf(records: Iterable<LogRecord>): FoldedLog {
  const folded = new FoldedLog()
  for (const record of records) folded.fold(record)
  return folded
}

export function foldOfService({ log }: WebhookService): FoldedLog {
  return foldOf(importJsonl(exportJsonl(log)))
}

/** Wherever the service says an event stands, the log alone says too. */
export function expectLinesAsLive(service: WebhookService): void {
  const folded = foldOfService(service)
  let waiting = 0
  for (const line of folded.lines()) {
    const first = line.haltedBy ?? line.waiting[0]
    for (const [place, event] of line.waiting.entries()) {
      expect(folded.lineOf(event).waiting[place]).toBe(event)
      const { ahead, behind } = service.explain(event.eventId)
      expect({ ahead, behind: behind?.eventId }).toEqual({
        ahead: place,
        behind: event === first ? undefined : first?.eventId,
      })
      waiting += 1
    }
  }
  const { pending, delivering, backoff } = service.stats().events
  expect(waiting).toBe(pending + delivering + backoff)
}
