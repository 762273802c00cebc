import type { ContestantSettings } from './contestant.ts'

/** What the bench tells a contestant's process, one order at a time. */
export type Order =
  | { readonly type: 'start'; readonly settings: ContestantSettings }
  | { readonly type: 'deliver'; readonly count: number }
  | { readonly type: 'fill'; readonly count: number }
  | { readonly type: 'deliverHolding'; readonly count: number }
  /** How long events take that are submitted at this pace. */
  | { readonly type: 'latency'; readonly count: number; readonly perSecond: number }
  /** When each event was submitted, at this pace. */
  | { readonly type: 'submitPaced'; readonly count: number; readonly perSecond: number }
  | { readonly type: 'firstDelivery' }
  /** `collect`: after a full garbage collection. */
  | { readonly type: 'memory'; readonly collect: boolean }
  | { readonly type: 'profile' }
  | { readonly type: 'writeProfile'; readonly file: string }
  | { readonly type: 'close' }

/** What an order cost the process that carried it out. */
export interface Cost {
  readonly deliveries: number
  readonly elapsedMs: number
  /** User and system time of the whole process, all threads. */
  readonly cpuMicros: number
}

/** From submission to settled. */
export interface Latency {
  readonly p50Ms: number
  readonly p99Ms: number
}

/** By the number in each event's payload: nanoseconds of the machine's monotonic clock. Fewer digits than a number holds. */
export type Submissions = readonly (readonly [number: number, atNanos: number])[]

export interface Fill {
  readonly cpuMicros: number
  /** Bytes of the payloads submitted so far and not delivered. */
  readonly payloadBytes: number
}

export interface MemoryReading {
  readonly rssBytes: number
  readonly heapBytes: number
  /** The most RSS there ever was. */
  readonly peakBytes: number
}

/** What each order is answered with. */
export interface Answers {
  readonly start: null
  readonly deliver: Cost
  readonly fill: Fill
  readonly deliverHolding: Cost
  readonly latency: Latency
  readonly submitPaced: Submissions
  readonly firstDelivery: null
  readonly memory: MemoryReading
  readonly profile: null
  readonly writeProfile: null
  readonly close: null
}

export type Reply =
  { readonly ok: true; readonly answer: Answers[Order['type']] } | { readonly ok: false; readonly error: string }
