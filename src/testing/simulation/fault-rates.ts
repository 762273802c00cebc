import { OptionReader } from '../../options/option-reader.ts'
import type { SeededSource } from './seeded-source.ts'

/**
 * How often things go wrong that are no endpoint's doing, until the world is healed. Each is a probability, from 0 to 1:
 * per request, per record appended, or per minute of virtual time, as its comment says. What is left out is drawn from
 * the seed: most kinds in most runs never, some often.
 */
export interface FaultRates {
  /** Per request: it never arrives, and no answer comes. */
  readonly lostRequests: number
  /** Per request: it is answered, and the answer never comes back. */
  readonly lostAnswers: number
  /** Per request: it is answered, and the connection breaks before the answer. */
  readonly brokenAnswers: number
  /** Per request: the answer comes after the deadline. */
  readonly lateAnswers: number
  /** Per request: an answer comes a second time, or another one after it. */
  readonly duplicateAnswers: number
  /** Per request: the answer is held up, so that answers to later requests overtake it. */
  readonly reorderedAnswers: number
  /** Per minute: the wall clock jumps, by up to a day either way. */
  readonly clockJumps: number
  /** Per record: the log refuses it. */
  readonly appendFailures: number
  /** Per record: the process dies, and the record is not stored. */
  readonly crashesBeforeAppend: number
  /** Per record: the process dies with the record stored, and nothing done about it. */
  readonly crashesAfterAppend: number
  /** Per minute: the disk of a log in a place of its own is full, for half a minute at most. */
  readonly fullDisks: number
  /** Per commit of a log in a place of its own: the process dies before it, or right after it. */
  readonly crashesAtCommit: number
  /** Per request: the process dies with the request on its way. */
  readonly crashesAfterSend: number
  /** Per minute: the process dies between two steps. */
  readonly crashesAtRest: number
}

export type FaultKind = keyof FaultRates

const faultKinds = [
  'lostRequests',
  'lostAnswers',
  'brokenAnswers',
  'lateAnswers',
  'duplicateAnswers',
  'reorderedAnswers',
  'clockJumps',
  'appendFailures',
  'fullDisks',
  'crashesAtCommit',
  'crashesBeforeAppend',
  'crashesAfterAppend',
  'crashesAfterSend',
  'crashesAtRest',
] as const satisfies readonly FaultKind[]

/** What a kind's rate may be in a run that has it at all. */
const drawnRates: Readonly<Record<FaultKind, readonly [number, ...number[]]>> = {
  lostRequests: [0.02, 0.2],
  lostAnswers: [0.02, 0.2],
  brokenAnswers: [0.02, 0.2],
  lateAnswers: [0.02, 0.2],
  duplicateAnswers: [0.05, 0.5],
  reorderedAnswers: [0.05, 0.5],
  clockJumps: [0.5, 1],
  appendFailures: [0.01, 0.1, 0.4],
  fullDisks: [0.3, 1],
  crashesAtCommit: [0.002, 0.02],
  crashesBeforeAppend: [0.002, 0.01],
  crashesAfterAppend: [0.002, 0.01],
  crashesAfterSend: [0.005, 0.02],
  crashesAtRest: [0.05, 0.3],
}

/** A world in which nothing goes wrong but what the endpoints do. */
export const noFaults: FaultRates = Object.freeze(
  // One zero for each kind there is.
  Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>,
)

/** How likely a run is to have any one kind: swarms of few kinds reach states that all of them together never do. */
const kindChance = 0.35

/**
 * @param value rates, those left out to be drawn from `source`; or `'none'`
 * @throws InvalidOptionError
 */
export function resolveFaultRates(value: unknown, source: SeededSource): FaultRates {
  if (value === 'none') return noFaults
  const reader = new OptionReader(value, 'faults', faultKinds)
  const rates = {} as Record<FaultKind, number> // filled kind by kind, just below
  for (const kind of faultKinds) {
    const draws = source.stream(kind)
    const drawn = draws.chance(kindChance) ? draws.oneOf(drawnRates[kind]) : 0
    rates[kind] = reader.number(kind, drawn, { min: 0, max: 1 })
  }
  return rates
}
