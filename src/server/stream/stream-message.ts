import type { Transition } from '../../log/transition.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { isJudged } from '../faults.ts'
import type { EventTypes } from './event-types.ts'

/** One step of an event as streams show it: without payload and without what the endpoint answered. Made once for all clients. */
export class StreamMessage {
  readonly step: Transition
  readonly #service: WebhookService
  readonly #eventTypes: EventTypes
  #tenantId: string | null | undefined
  #text: string | null = null

  constructor(step: Transition, service: WebhookService, eventTypes: EventTypes) {
    this.step = step
    this.#service = service
    this.#eventTypes = eventTypes
  }

  /** Null when nothing of the event is kept any more. */
  get eventType(): string | null {
    return this.#eventTypes.typeOf(this.step)
  }

  /** Whose the endpoint is; null also when it was removed: then it is nobody's. */
  get tenantId(): string | null {
    if (this.#tenantId === undefined) this.#tenantId = this.#findTenantId()
    return this.#tenantId
  }

  /** As server-sent event. */
  get text(): string {
    return (this.#text ??= `id: ${this.step.seq}\nevent: step\ndata: ${JSON.stringify(this.#shown())}\n\n`)
  }

  #findTenantId(): string | null {
    try {
      return this.#service.getEndpoint(this.step.endpointId).tenantId
    } catch (error) {
      if (!isJudged(error)) throw error
      return null
    }
  }

  #shown(): object {
    const { seq, at, endpointId, eventId, event, from, to, attempts } = this.step
    return {
      seq,
      at,
      eventId,
      endpointId,
      eventType: this.eventType,
      step: event.type,
      from,
      status: to,
      attempts,
      error: 'failure' in event ? event.failure.message : null,
      durationMs: 'durationMs' in event ? event.durationMs : null,
      retryAt: to === 'backoff' && 'retryAt' in event ? event.retryAt : null,
    }
  }
}
