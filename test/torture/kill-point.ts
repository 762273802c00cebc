// Where the service's process may be told to kill itself. Each place is in a port that the process gives to hookline
// (driver, log, transport) or at a call of its API; nothing in src knows of them.

/** In which part of a life a place is passed. */
export type Phase = 'start' | 'load' | 'close'

const places = {
  'open: before the file is opened': 'start',
  'open: a statement was run': 'start',
  'open: before the service is made': 'start',
  'migration: begun': 'start',
  'migration: a statement was run': 'start',
  'migration: before COMMIT': 'start',
  'migration: after COMMIT': 'start',
  'restart: before the first commit': 'start',
  'restart: after the first commit': 'start',
  'submission: before it is appended': 'load',
  'submission: appended, not committed': 'load',
  'step: before it is appended': 'load',
  'step: appended, not committed': 'load',
  'endpoint: put, not committed': 'load',
  'group: before BEGIN': 'load',
  'group: begun': 'load',
  'group: a statement was run': 'load',
  'group: before COMMIT': 'load',
  'group: within COMMIT': 'load',
  'group: after COMMIT': 'load',
  'group: a subscriber was told': 'load',
  'group: before an act': 'load',
  'group: after an act': 'load',
  'flush: resolved, not acknowledged': 'load',
  'flush: acknowledged': 'load',
  'request: before it is sent': 'load',
  'request: handed over': 'load',
  'request: headers written': 'load',
  'request: body written': 'load',
  'request: answered, not reported': 'load',
  'request: its answer was reported': 'load',
  'sweep: a statement was run': 'load',
  'sweep: before COMMIT': 'load',
  'sweep: within COMMIT': 'load',
  'sweep: after COMMIT': 'load',
  'compaction: before': 'load',
  'compaction: within': 'load',
  'compaction: after': 'load',
  'checkpoint: before': 'load',
  'checkpoint: within': 'load',
  'checkpoint: after': 'load',
  'shutdown: begun': 'close',
  'shutdown: before the file is closed': 'close',
  'shutdown: within closing the file': 'close',
  'shutdown: the file is closed': 'close',
} as const satisfies Readonly<Record<string, Phase>>

export type KillPlace = keyof typeof places

// The keys of a record are what its type says; Object.keys only does not know.
export const killPlaces = Object.keys(places) as KillPlace[]

/** At which passing of a place the process kills itself. */
export interface KillPoint {
  readonly place: KillPlace
  /** From 1. */
  readonly passing: number
  /** How long after, for a place within a call that blocks: another thread kills then. Microseconds. */
  readonly delayMicros: number
}

export function phaseOf(place: KillPlace): Phase {
  return places[place]
}

/** Whether what is to be hit lies within one call, which only another thread can interrupt. */
export function isWithin(place: KillPlace): boolean {
  return place.includes(': within')
}
