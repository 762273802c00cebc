// What is known after a run, from all sides: what the controller was told, what the log says, what the receivers saw.
import type { LogRecord } from '../../src/index.ts'
import { gatherFacts, type Facts } from '../soak/facts.ts'
import type { OpenAttempt } from './archive.ts'
import type { LedgerDeed, LedgerSubmission } from './ledger.ts'
import { endpointIdOf, population } from './population.ts'
import type { Arrival } from './receivers/arrival.ts'

/** One death of the service's process. */
export interface Death {
  /** The last record that the file held then. */
  readonly lastSeq: number
  readonly open: readonly OpenAttempt[]
}

export interface Evidence {
  readonly submissions: readonly LedgerSubmission[]
  readonly deeds: readonly LedgerDeed[]
  /** Dead letters of which a redelivery was acknowledged. */
  readonly redelivered: ReadonlySet<string>
  readonly deaths: readonly Death[]
  readonly arrivals: readonly Arrival[]
  readonly facts: Facts
}

export interface EvidenceSources extends Omit<Evidence, 'facts'> {
  readonly records: readonly LogRecord[]
}

/** @throws Error when the log names an endpoint that is none, or an event's first record is not its submission */
export function gatherEvidence({ records, ...known }: EvidenceSources): Evidence {
  const endpoints = population.map(({ ordering }, number) => ({
    endpointId: endpointIdOf(number),
    number,
    ordering,
    signing: [],
  }))
  const submitted = known.submissions.flatMap(({ eventId }) => (eventId === null ? [] : [eventId]))
  return { ...known, facts: gatherFacts({ submitted, records, endpoints, received: known.arrivals }) }
}
