// Small evidence for the tests of the rules: true, and with one thing changed.
import type { Transition } from '../../src/index.ts'
import { arrival, logOf, plainSteps, type Step } from '../soak/small-history.ts'
import { gatherEvidence, type Evidence, type EvidenceSources } from './evidence.ts'
import type { LedgerDeed, LedgerSubmission } from './ledger.ts'
import { endpointIdOf } from './population.ts'
import type { Arrival } from './receivers/arrival.ts'

/** What `submittedAt` of the soak's small histories holds. */
const body = '{}'

export function submission(more: Partial<LedgerSubmission> = {}): LedgerSubmission {
  return {
    number: 0,
    endpoint: 0,
    body,
    orderingKey: null,
    idempotencyKey: null,
    batch: null,
    fate: 'acknowledged',
    eventId: 'evt_1',
    asked: 1,
    ...more,
  }
}

export function arrived(eventId: string, attempt: number, more: Partial<Arrival> = {}): Arrival {
  return { ...arrival(eventId, attempt), endpoint: 0, body, version: 0, ...more }
}

/** Acknowledged as soon as it was asked for, unless it never was (Infinity). */
export function deed(kind: LedgerDeed['kind'], value: number, askedAtMs: number, acknowledgedAtMs: number): LedgerDeed {
  return { endpoint: 0, kind, value, askedAtMs, acknowledgedAtMs }
}

/** Records of events of endpoint 0. */
export function records(steps: readonly (readonly [eventId: string, step: Step])[]): Transition[] {
  return logOf(steps.map(([eventId, step]) => [eventId, endpointIdOf(0), step] as const))
}

const plainRecords = records(plainSteps.map((step) => ['evt_1', step] as const))

/** One event, submitted, acknowledged and delivered at the first attempt. */
export function evidence(more: Partial<EvidenceSources> = {}): Evidence {
  const always = ['version', 'generation', 'paused'] as const
  return gatherEvidence({
    submissions: [submission()],
    deeds: always.map((kind) => deed(kind, 0, 0, 0)),
    redelivered: new Set(),
    deaths: [],
    arrivals: [arrived('evt_1', 1)],
    records: plainRecords,
    ...more,
  })
}
