import type { ShutdownOptions } from '../../shutdown.ts'
import type { FaultRates } from './fault-rates.ts'
import type { SeededSource } from './seeded-source.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/** What people do to a service beside submitting to it. */
export type Operation =
  | 'pauseEndpoint'
  | 'resumeEndpoint'
  | 'updateEndpoint'
  | 'rotateSecret'
  | 'removeEndpoint'
  | 'redeliver'
  | 'redeliverDeadLetters'

/** A call of the application, at a time that is drawn before the run begins. */
export interface PlannedCall {
  readonly atMs: number
  readonly operation: Operation
  /** Draws for this call alone. */
  readonly source: SeededSource
}

/** Something to submit, again and again until it is taken or given up. */
export interface PlannedSubmission {
  readonly atMs: number
  /** Its number; the payload carries it. */
  readonly number: number
  /** The index of the endpoint; null: published to all that are subscribed. */
  readonly endpoint: number | null
  readonly eventType: string
  readonly payloadText: string
  readonly orderingKey: string | null
  readonly idempotencyKey: string | null
  readonly source: SeededSource
}

const operationWeights: Readonly<Record<Operation, number>> = {
  pauseEndpoint: 3,
  resumeEndpoint: 6,
  updateEndpoint: 2,
  rotateSecret: 1,
  removeEndpoint: 0.75,
  redeliver: 4,
  redeliverDeadLetters: 2,
}

/** The operations of a run: of some kinds only, so that runs differ. */
export function planOperations(source: SeededSource, durationMs: number): PlannedCall[] {
  const kinds = (Object.keys(operationWeights) as Operation[]).filter((kind) => source.stream(kind).chance(0.55))
  const pool = kinds.flatMap((kind) => Array<Operation>(Math.ceil(operationWeights[kind] * 4)).fill(kind))
  if (pool.length === 0) return []
  return Array.from({ length: source.oneOf([0, 4, 12, 24]) }, (_, index) => {
    const own = source.stream(`operation ${index}`)
    return { atMs: own.whole(0, durationMs), operation: own.anyOf(pool) ?? 'resumeEndpoint', source: own }
  })
}

/** What is submitted, in bursts as well as one by one. Some of it is submitted a second time, as after a lost answer. */
export function planSubmissions(
  source: SeededSource,
  { events, endpoints, durationMs }: { events: number; endpoints: number; durationMs: number },
): PlannedSubmission[] {
  const planned: PlannedSubmission[] = []
  const bursts = source.oneOf([1, 3, 1000])
  for (let number = 1; number <= events; number += 1) {
    const own = source.stream(`event ${number}`)
    const burst = source.stream(`burst ${own.whole(1, bursts)}`)
    const submission: PlannedSubmission = {
      atMs: Math.floor(burst.next() * durationMs * 0.8) + own.whole(0, 200),
      number,
      endpoint: own.chance(0.15) ? null : own.whole(0, endpoints - 1),
      eventType: own.oneOf(['order.paid', 'order.sent', 'user.left']),
      payloadText: JSON.stringify({ number, pad: 'é"'.repeat(own.oneOf([0, 0, 5, 40])) }),
      orderingKey: own.chance(0.6) ? own.oneOf(['a', 'b', 'c']) : null,
      idempotencyKey: own.chance(0.6) ? `key-${number}` : null,
      source: own,
    }
    planned.push(submission)
    const again = own.chance(0.15) && submission.idempotencyKey !== null
    if (again) planned.push({ ...submission, atMs: submission.atMs + own.oneOf([0, 100, 30_000]) })
  }
  return planned
}

/** When the process is ended in good order, as for a new version. */
export function planRestarts(
  source: SeededSource,
  durationMs: number,
): { readonly atMs: number; readonly options: ShutdownOptions }[] {
  return Array.from({ length: source.oneOf([0, 0, 0, 1, 3]) }, () => ({
    atMs: source.whole(0, durationMs),
    options: { drain: source.chance(0.3), timeoutMs: source.oneOf([0, 500, 5000]) },
  }))
}

/** What befalls the world in a minute of its time. */
export interface Turmoil {
  readonly jumpAtMs: number
  /** 0: it does not jump. */
  readonly jumpByMs: number
  /** Null: the process does not die by itself. */
  readonly crashAtMs: number | null
}

/** When the disk of the log is full. */
export function planFullDisks(
  source: SeededSource,
  { fullDisks }: FaultRates,
  durationMs: number,
): { readonly fromMs: number; readonly toMs: number }[] {
  return Array.from({ length: Math.ceil(durationMs / minuteMs) }, (_, minute) => {
    const own = source.stream(minute)
    const fromMs = minute * minuteMs + own.whole(0, minuteMs >> 1)
    return { happens: own.chance(fullDisks), fromMs, toMs: fromMs + own.whole(1, minuteMs >> 1) }
  }).filter(({ happens }) => happens)
}

export function planTurmoil(source: SeededSource, faults: FaultRates, durationMs: number): Turmoil[] {
  return Array.from({ length: Math.ceil(durationMs / minuteMs) }, (_, minute) => {
    const own = source.stream(minute)
    const fromMs = minute * minuteMs
    const share = Math.min(1, (durationMs - fromMs) / minuteMs)
    const [jumps, crashes] = [own.chance(faults.clockJumps * share), own.chance(faults.crashesAtRest * share)]
    const byMs = own.whole(1, own.oneOf([5000, 3_600_000, dayMs])) * own.oneOf([1, -1])
    const crashAtMs = fromMs + own.whole(0, minuteMs)
    return {
      jumpAtMs: fromMs + own.whole(0, minuteMs),
      jumpByMs: jumps ? byMs : 0,
      crashAtMs: crashes ? crashAtMs : null,
    }
  })
}
