// All shadows of a log: takes record after record, and lets each be seen as the step of the actor it was. It is fed
// after the fact and asked nothing, so it can delay no delivery; its number of actors is bounded.
import type { InspectionEvent, Observer } from 'xstate'
import type { DeliveryEvent } from '../../../machines/delivery.ts'
import { laneKeyOf } from '../../lane/lane-key.ts'
import { isEndpointTransition } from '../../log/transition.ts'
import type { EndpointTransition, EventSubmitted, LogRecord, Transition } from '../../log/transition.ts'
import { foldEvent } from '../../replay/fold.ts'
import { createLaneActors } from '../../statechart/lane-actors.ts'
import type { LaneActors } from '../../statechart/lane-actors.ts'
import { Outbox } from '../../statechart/outbox.ts'
import { isSettled } from '../../statechart/resting-delivery.ts'
import { chartName, holdsLanes, letsLanesGo, startChart } from './chart-shadow.ts'
import type { ChartShadow } from './chart-shadow.ts'
import type { EventChoice, LeftOut } from './event-choice.ts'
import { LaneShadow } from './lane-shadow.ts'
import { RecentShadows } from './recent-shadows.ts'
import { shownEvent, shownSubmission } from './shown-event.ts'

/** Where shadows find what came before the record they are shown. */
export interface LogHistory {
  /** An event's records, oldest first; none when they were removed. */
  ofEvent(eventId: string): Iterable<Transition>
  /** An endpoint's own records, oldest first. */
  ofEndpoint(endpointId: string): Iterable<EndpointTransition>
}

/** What became of a record; as counted in `StatelyStats`. */
export type Shown = 'shown' | 'resting' | LeftOut

export interface ShadowsOptions {
  readonly history: LogHistory
  readonly choice: EventChoice
  readonly inspect: Observer<InspectionEvent>
  /** Whether bodies and answers are shown. */
  readonly payloads: boolean
}

/** How many lanes, and how many charts of endpoints, are shown at once. */
const laneLimit = 50
const chartLimit = 50

export class Shadows {
  readonly #options: ShadowsOptions
  readonly #outbox = new Outbox()
  readonly #actors: LaneActors
  readonly #lanes = new RecentShadows<LaneShadow>(laneLimit)
  readonly #charts = new RecentShadows<ChartShadow>(chartLimit)

  constructor(options: ShadowsOptions) {
    this.#options = options
    this.#actors = createLaneActors(this.#outbox, options.inspect)
  }

  /** Shows one record. When something in here fails it throws, and the shadow that failed is gone. */
  show(record: LogRecord): Shown {
    try {
      return isEndpointTransition(record) ? this.#showEndpoint(record) : this.#showEvent(record)
    } finally {
      // What deliveries ask to be done, nobody does here.
      this.#outbox.take()
      this.#outbox.takeQuarantined()
    }
  }

  /** Stops all of them. */
  stop(): void {
    this.#lanes.clear()
    this.#charts.clear()
  }

  #showEvent(record: Transition): Shown {
    const { eventId, event, from } = record
    if (event.type === 'event.submitted') return 'resting'
    const lane = this.#laneWhere((candidate) => candidate.head === eventId && candidate.stateOf(eventId) === from)
    if (lane !== undefined) return this.#step(lane, record)
    if (event.type === 'line.released' || event.type === 'redelivery.requested') {
      this.#laneWhere(({ haltedBy }) => haltedBy === eventId)?.release()
    }
    const isHead = event.type === 'attempt.started' || from === 'delivering' || from === 'backoff'
    return isHead ? this.#takeUp(record) : 'resting'
  }

  /** Shows an event from this record on, in the state that its records before it lead to. */
  #takeUp(record: Transition): Shown {
    const { history, choice, payloads } = this.#options
    const { eventId, endpointId, seq } = record
    // Its later records may have waited already when it was judged.
    const ruledOut = choice.ruledOut(eventId)
    if (ruledOut !== null) return this.#leaveOut(record, ruledOut)
    if (choice.full) return this.#leaveOut(record, 'dropped')
    const before = Array.from(history.ofEvent(eventId)).filter((earlier) => earlier.seq < seq)
    const [first] = before
    // The event's records were removed meanwhile, as retention does with old ones.
    if (first?.event.type !== 'event.submitted') return 'dropped'
    const leftOut = choice.admitEvent(first)
    if (leftOut !== null) return this.#leaveOut(record, leftOut)
    const resting = foldEvent(before)
    if (resting === null) return 'dropped'
    const lane = this.#laneOf(endpointId, eventId, first.event)
    lane.arrive({ eventId, resting, submission: shownSubmission(first.event, payloads) })
    return this.#step(lane, record)
  }

  #leaveOut({ eventId, to }: Transition, why: LeftOut): LeftOut {
    if (isSettled(to)) this.#options.choice.forget(eventId)
    else this.#options.choice.leaveOut(eventId, why)
    return why
  }

  #step(lane: LaneShadow, { eventId, event, to }: Transition): Shown {
    // An event has one submission, which is no step of its delivery.
    const state = lane.take(eventId, shownEvent(event as DeliveryEvent, this.#options.payloads))
    if (state !== to) {
      this.#lanes.remove(lane.name)
      throw new Error(`the shadow of event ${eventId} is ${state ?? 'gone'} where the log says ${to}`)
    }
    // A lane of its own is over with its event.
    if (lane.idle && lane.name === laneName(lane.endpointId, eventId)) this.#lanes.remove(lane.name)
    return 'shown'
  }

  #laneOf(endpointId: string, eventId: string, { ordering, orderingKey }: EventSubmitted): LaneShadow {
    const name = laneName(endpointId, laneKeyOf(ordering ?? 'fifo', orderingKey, eventId))
    let lane = this.#lanes.get(name)
    if (lane === undefined) {
      lane = new LaneShadow(name, endpointId, this.#actors)
      this.#lanes.add(name, lane)
    }
    return lane
  }

  #laneWhere(fits: (lane: LaneShadow) => boolean): LaneShadow | undefined {
    for (const lane of this.#lanes.values()) if (fits(lane)) return this.#lanes.get(lane.name)
    return undefined
  }

  #showEndpoint(record: EndpointTransition): Shown {
    for (const lane of this.#lanes.values()) {
      if (lane.endpointId !== record.endpointId) continue
      if (holdsLanes(record)) lane.pause()
      else if (letsLanesGo(record)) lane.resume()
    }
    const name = chartName(record)
    const chart = this.#charts.get(name) ?? this.#startChart(record, name)
    if (typeof chart === 'string') return chart
    const state = chart.take(record.event)
    if (state === record.to) return 'shown'
    this.#charts.remove(name)
    throw new Error(`the shadow of ${name} is ${state} where the log says ${record.to}`)
  }

  #startChart(record: EndpointTransition, name: string): ChartShadow | LeftOut {
    const { history, choice, inspect } = this.#options
    const leftOut = choice.admitChart(record, name)
    if (leftOut !== null) return leftOut
    const chart = startChart(record, history.ofEndpoint(record.endpointId), inspect)
    this.#charts.add(name, chart)
    return chart
  }
}

/** What a lane is called by viewers: `lane ep_1`, `lane ep_1/KEY`. */
function laneName(endpointId: string, laneKey: string): string {
  return laneKey === '' ? `lane ${endpointId}` : `lane ${endpointId}/${laneKey}`
}
