import type { Latency, Submissions } from './order.ts'

/** Where and how a contestant is to deliver. */
export interface ContestantSettings {
  readonly contestant: ContestantName
  /** `http://127.0.0.1:40123` */
  readonly receiverOrigin: string
  /** Null where no contestant needs one. */
  readonly redisPort: number | null
  /** How many endpoints; each is a path of the receiver. */
  readonly endpoints: number
  /** Requests in flight at once, at most. */
  readonly connections: number
  /** Events submitted and not yet delivered, at most. */
  readonly window: number
  /** How many idle connections hookline keeps; null for as many as it does by default. */
  readonly idleConnections: number | null
  /** The file of the log of `hookline-durable`; of no meaning to the others. */
  readonly logFile: string | null
  /** Endpoints of hookline that never answer, beside the others; each has events from the start. */
  readonly hanging: { readonly origin: string; readonly endpoints: number } | null
}

export const contestantNames = [
  'hookline',
  'hookline-guarded',
  'hookline-bare',
  'hookline-durable',
  'undici',
  'undici-clients',
  'bullmq-undici',
  'bullmq-axios',
] as const

export type ContestantName = (typeof contestantNames)[number]

/** One way to deliver events. */
export interface Contestant {
  /** Submits and delivers `count` events, spread evenly over the endpoints. Rejects when one was not answered 2xx. */
  deliver(count: number): Promise<void>
  close(): Promise<void>
}

/** A contestant that can tell how long an event takes. */
export interface LatencyContestant extends Contestant {
  /** Submits `count` events at a fixed pace, spread evenly over the endpoints. */
  latency(pace: { readonly count: number; readonly perSecond: number }): Promise<Latency>
}

/** A contestant that can tell when it submitted each event. */
export interface PacedContestant extends Contestant {
  /** Submits `count` events at a fixed pace, spread evenly over the endpoints, and waits until all are delivered. */
  submitPaced(pace: { readonly count: number; readonly perSecond: number }): Promise<Submissions>
}

/** A contestant that goes on where an earlier process ended. */
export interface RestartedContestant extends Contestant {
  /** Resolves once an event has been delivered, the first or any later. */
  firstDelivery(): Promise<void>
}

/** A contestant that can be asked to deliver in front of a backlog. */
export interface BacklogContestant extends Contestant {
  /** Submits `count` events and delivers none of them. Returns the bytes of their payloads. */
  fill(count: number): number
  /** Delivers about `count` events, submitting one for each, and stops there. Returns how many they were. */
  deliverHolding(count: number): Promise<number>
}
