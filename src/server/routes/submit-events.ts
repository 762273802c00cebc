// Puts the events of a request in line: one event to all of its endpoints or to none, those of an array as far as they can be.
import { CapacityError, PayloadTooLargeError } from '../../errors/errors.ts'
import type { BatchEvent, SubmissionResult, WebhookService } from '../../webhook-service.ts'
import { ApiError } from '../http/api-error.ts'
import { inApiWords } from '../http/api-words.ts'
import type { Caller } from '../keys/caller.ts'
import type { ReadEvent } from './read-events.ts'

export interface AcceptedEvent {
  readonly endpointId: string
  readonly eventId: string
}

export interface RefusedEvent {
  readonly endpointId: string
  readonly error: { readonly status: number; readonly code: string; readonly message: string }
}

/** One event to each of its endpoints: to all, or, when it throws, to none. */
export function submitToAll(service: WebhookService, caller: Caller, event: ReadEvent): AcceptedEvent[] {
  const { eventType, payload, endpointIds, idempotencyKey, orderingKey } = event
  const options = { idempotencyKey, orderingKey }
  const [only, ...others] = endpointIds
  if (only !== undefined && others.length === 0) {
    return [{ endpointId: only, eventId: service.submitEvent(only, eventType, payload, options) }]
  }
  // Those whom the platform publishes to are those that were found: nothing can come between.
  const eventIds =
    caller.tenantId === null
      ? service.publishEvent(eventType, payload, options)
      : service.submitEvents(endpointIds.map((endpointId) => partOf(event, endpointId)))
  return endpointIds.map((endpointId, index) => ({ endpointId, eventId: eventIds[index] ?? '' }))
}

/**
 * The events of an array, and what came of each at each of its endpoints.
 *
 * @throws what refused them, when it refused them all alike
 */
export function submitEach(service: WebhookService, events: readonly ReadEvent[]): (AcceptedEvent | RefusedEvent)[][] {
  const parts = events.map((event) => event.endpointIds.map((endpointId) => partOf(event, endpointId)))
  const all = parts.flat()
  const results = service.submitEach(all)
  throwIfAllRefusedAlike(results)
  let taken = 0
  return parts.map(({ length }) => {
    const from = taken
    taken += length
    return results.slice(from, taken).map((result, index) => described(all[from + index]?.endpointId ?? '', result))
  })
}

/** The fields of a payload that is too large for the service. The core names the first; here all that are. */
export function namePayloads(error: unknown, events: readonly ReadEvent[], isBatch: boolean): unknown {
  if (!(error instanceof PayloadTooLargeError)) return error
  const fields = events.flatMap(({ payload }, index) => {
    const bytes = Buffer.byteLength(payload.text)
    if (bytes <= error.limitBytes) return []
    const message = `has ${bytes} bytes; at most ${error.limitBytes} are allowed`
    return [{ path: isBatch ? `/${index}/payload` : '/payload', message }]
  })
  const [first] = fields
  const message = first === undefined ? error.message : `${first.path} ${first.message}`
  return new ApiError(413, error.code, message, { fields })
}

function partOf({ eventType, payload, idempotencyKey, orderingKey }: ReadEvent, endpointId: string): BatchEvent {
  return { endpointId, eventType, payload, idempotencyKey, orderingKey }
}

function throwIfAllRefusedAlike(results: readonly SubmissionResult[]): void {
  const errors = results.map((result) => ('error' in result ? result.error : null))
  const [first] = errors
  if (first != null && errors.every((error) => error?.code === first.code)) throw first
}

function described(endpointId: string, result: SubmissionResult): AcceptedEvent | RefusedEvent {
  if ('eventId' in result) return { endpointId, eventId: result.eventId }
  const { code, message } = result.error
  const status = result.error instanceof CapacityError ? 429 : 409
  return { endpointId, error: { status, code, message: inApiWords(message) } }
}
