// What is known after a run, from three sides: what the service took on, what its log says, what the receivers saw.
import type { DeliveryEvent, DeliveryStatus } from '../../machines/delivery.ts'
import type { EndpointOptions, LogRecord, Transition } from '../../src/index.ts'
import { isEndpointTransition } from '../../src/index.ts'
import type { ReceivedAttempt } from './receivers/received-attempt.ts'

/** When an endpoint signed with which generation of its secret, in milliseconds since the Unix epoch. */
export interface SigningTime {
  readonly generation: number
  readonly fromMs: number
  /** Until the end of the overlap; Infinity for one that was never replaced. */
  untilMs: number
  /** From when on it is not the first secret any more. */
  replacedAtMs: number
}

/** An endpoint that was registered, by the number that it has for its receivers. */
export interface EndpointFact {
  readonly endpointId: string
  readonly number: number
  readonly ordering: NonNullable<EndpointOptions['ordering']>
  readonly signing: SigningTime[]
}

export type AttemptEnd = Extract<DeliveryEvent, { readonly attempt: number }>

export interface AttemptFact {
  readonly attempt: number
  readonly startedAtMs: number
  /** How it ended, as the log has it; null when the log does not say. */
  end: AttemptEnd | null
  /** Every request that arrived for it. */
  readonly received: ReceivedAttempt[]
}

export interface EventFact {
  readonly eventId: string
  readonly endpoint: EndpointFact
  readonly sequence: number
  readonly lane: string
  readonly transitions: readonly Transition[]
  readonly attempts: readonly AttemptFact[]
  readonly status: DeliveryStatus
}

export interface Facts {
  /** The ids that `submitEvent` and `publishEvent` gave back. */
  readonly submitted: readonly string[]
  /** All the log ever held, in its order. */
  readonly records: readonly LogRecord[]
  readonly events: ReadonlyMap<string, EventFact>
  /** Requests of attempts that the log does not know. */
  readonly strays: readonly ReceivedAttempt[]
  readonly received: readonly ReceivedAttempt[]
}

export interface Sources {
  readonly submitted: readonly string[]
  readonly records: readonly LogRecord[]
  readonly endpoints: readonly EndpointFact[]
  readonly received: readonly ReceivedAttempt[]
}

/** @throws Error when the log names an endpoint that was never registered, or an event's first record is not its submission */
export function gatherFacts({ submitted, records, endpoints, received }: Sources): Facts {
  const byId = new Map(endpoints.map((endpoint) => [endpoint.endpointId, endpoint]))
  const transitions = new Map<string, Transition[]>()
  for (const record of records) {
    if (isEndpointTransition(record)) continue
    const known = transitions.get(record.eventId)
    if (known === undefined) transitions.set(record.eventId, [record])
    else known.push(record)
  }
  const events = new Map(
    Array.from(transitions, ([eventId, own]) => [eventId, eventFact(own, byId.get(own[0]!.endpointId))] as const),
  )
  const strays = received.filter((request) => {
    const attempt = events.get(request.eventId)?.attempts[request.attempt - 1]
    attempt?.received.push(request)
    return attempt === undefined
  })
  return { submitted, records, events, strays, received }
}

function eventFact(transitions: readonly Transition[], endpoint: EndpointFact | undefined): EventFact {
  const { eventId, event } = transitions[0]!
  if (endpoint === undefined) throw new Error(`${eventId}: its endpoint was never registered`)
  if (event.type !== 'event.submitted') throw new Error(`${eventId}: its first record is ${event.type}`)
  const { sequence, orderingKey } = event
  const key = { fifo: '', key: orderingKey ?? '', none: eventId }[endpoint.ordering]
  const attempts = attemptsIn(transitions)
  const lane = `${endpoint.endpointId}/${key}`
  return { eventId, endpoint, sequence, lane, transitions, attempts, status: transitions.at(-1)!.to }
}

function attemptsIn(transitions: readonly Transition[]): AttemptFact[] {
  const attempts: AttemptFact[] = []
  for (const { event } of transitions) {
    if (event.type === 'attempt.started') {
      attempts.push({ attempt: event.attempt, startedAtMs: Date.parse(event.at), end: null, received: [] })
    } else if ('attempt' in event) {
      const last = attempts.at(-1)
      if (last?.attempt === event.attempt) last.end = event
    }
  }
  return attempts
}
