// What must hold of a load, whatever the machine: that nothing is lost, invented, changed or out of order.
import type { Arrival } from './receiver/message.ts'
import type { Submission } from './submitter/message.ts'

/** Everything that was seen from outside of the server. */
export interface Seen {
  readonly submissions: readonly Submission[]
  /** In the order in which they came. */
  readonly arrivals: readonly Arrival[]
}

/** What breaks each rule. */
export type Violations = Readonly<Record<string, readonly string[]>>

export function judgeLoad({ submissions, arrivals }: Seen): Violations {
  const firsts = firstArrivals(arrivals)
  return {
    'every event was acknowledged': submissions
      .filter(({ acknowledgedMs }) => acknowledgedMs === null)
      .map(({ number, refusals }) => `event ${number}: answered ${refusals.join(', ')}`),
    'every acknowledged event was delivered': submissions
      .filter(({ eventId, number }) => eventId !== null && !firsts.has(number))
      .map(({ number, eventId }) => `event ${number} (${eventId ?? ''}) never arrived`),
    'nothing else was delivered': invented({ submissions, arrivals }),
    'every body arrived byte for byte': arrivals.filter(({ bytesRight }) => !bytesRight).map(describeArrival),
    'every signature was right': arrivals.filter(({ signatureRight }) => !signatureRight).map(describeArrival),
    'each endpoint got its events by their sequence': bySequence([...firsts.values()]),
    'what was acknowledged before another was sent arrived before it': inOrder(submissions, firsts),
  }
}

/** What must hold besides when nothing was killed. */
export function judgeCalmLoad({ submissions, arrivals }: Seen): Violations {
  const seen = new Set<number | null>()
  return {
    'every event was delivered once': arrivals
      .filter(({ number }) => seen.size === seen.add(number).size)
      .map(describeArrival),
    'nothing was refused': submissions
      .filter(({ refusals }) => refusals.length > 0)
      .map(({ number, refusals }) => `event ${number}: answered ${refusals.join(', ')}`),
  }
}

/** By the event's number. All are answered with success, so the first arrival is the first success. */
function firstArrivals(arrivals: readonly Arrival[]): ReadonlyMap<number | null, Arrival> {
  const firsts = new Map<number | null, Arrival>()
  for (const arrival of arrivals) if (!firsts.has(arrival.number)) firsts.set(arrival.number, arrival)
  return firsts
}

function invented({ submissions, arrivals }: Seen): string[] {
  const known = new Map(submissions.map((submission) => [submission.number, submission]))
  return arrivals
    .filter(({ number, endpoint, eventId }) => {
      const submission = number === null ? undefined : known.get(number)
      return submission?.endpoint !== endpoint || (submission.eventId ?? eventId) !== eventId
    })
    .map(describeArrival)
}

function bySequence(firsts: readonly Arrival[]): string[] {
  const last = new Map<number, number>()
  return firsts
    .filter(({ endpoint, sequence }) => {
      const before = last.get(endpoint) ?? -1
      last.set(endpoint, sequence)
      return sequence <= before
    })
    .map(describeArrival)
}

/** Looks at each endpoint's arrivals from the last: none may be of an event that was sent when a later arrival was long acknowledged. */
function inOrder(submissions: readonly Submission[], firsts: ReadonlyMap<number | null, Arrival>): string[] {
  const known = new Map(submissions.map((submission) => [submission.number, submission]))
  const earliest = new Map<number, number>()
  const broken: string[] = []
  for (const arrival of [...firsts.values()].reverse()) {
    const submission = arrival.number === null ? undefined : known.get(arrival.number)
    if (submission === undefined) continue
    const limit = earliest.get(arrival.endpoint) ?? Infinity
    if (submission.sentMs > limit) broken.push(describeArrival(arrival))
    earliest.set(arrival.endpoint, Math.min(limit, submission.acknowledgedMs ?? Infinity))
  }
  return broken
}

function describeArrival({ number, eventId, endpoint, sequence }: Arrival): string {
  return `event ${number ?? 'without a number'} (${eventId}) at endpoint ${endpoint}, sequence ${sequence}`
}
