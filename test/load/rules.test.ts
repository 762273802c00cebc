import { describe, expect, it } from 'vitest'
import type { Arrival } from './receiver/message.ts'
import { judgeCalmLoad, judgeLoad, type Seen, type Violations } from './rules.ts'
import type { Submission } from './submitter/message.ts'

const submission = (number: number, changes: Partial<Submission> = {}): Submission => ({
  number,
  endpoint: 0,
  dueMs: number * 10,
  sentMs: number * 10,
  acknowledgedMs: number * 10 + 5,
  eventId: `evt_${number}`,
  refusals: [],
  ...changes,
})

const arrival = (number: number, changes: Partial<Arrival> = {}): Arrival => ({
  endpoint: 0,
  number,
  eventId: `evt_${number}`,
  sequence: number,
  atMs: number * 10 + 7,
  bytesRight: true,
  signatureRight: true,
  ...changes,
})

const broken = (violations: Violations): string[] =>
  Object.keys(violations).filter((rule) => (violations[rule] ?? []).length > 0)

const sound: Seen = { submissions: [submission(1), submission(2)], arrivals: [arrival(1), arrival(2)] }

describe('the rules of a load', () => {
  it('hold when all arrived once, in order', () => {
    expect(broken({ ...judgeLoad(sound), ...judgeCalmLoad(sound) })).toEqual([])
  })

  it.each<[string, Partial<Seen>]>([
    [
      'every event was acknowledged',
      { submissions: [submission(1), submission(2, { acknowledgedMs: null, eventId: null })] },
    ],
    ['every acknowledged event was delivered', { arrivals: [arrival(1)] }],
    ['nothing else was delivered', { arrivals: [arrival(1), arrival(2), arrival(2, { eventId: 'evt_other' })] }],
    ['every body arrived byte for byte', { arrivals: [arrival(1), arrival(2, { bytesRight: false })] }],
    ['every signature was right', { arrivals: [arrival(1), arrival(2, { signatureRight: false })] }],
    ['each endpoint got its events by their sequence', { arrivals: [arrival(1, { sequence: 3 }), arrival(2)] }],
    [
      'what was acknowledged before another was sent arrived before it',
      { arrivals: [arrival(2, { sequence: 1 }), arrival(1, { sequence: 2 })] },
    ],
  ])('notice that not: %s', (rule, changes) => {
    expect(broken(judgeLoad({ ...sound, ...changes }))).toEqual([rule])
  })

  it('let a repetition pass after a kill, and not without one', () => {
    const repeated = { ...sound, arrivals: [arrival(1), arrival(1), arrival(2)] }
    expect(broken(judgeLoad(repeated))).toEqual([])
    expect(broken(judgeCalmLoad(repeated))).toEqual(['every event was delivered once'])
  })

  it('say nothing of the order of two that were under way together', () => {
    const together = [submission(1, { acknowledgedMs: 30 }), submission(2)]
    const arrivals = [arrival(2, { sequence: 1 }), arrival(1, { sequence: 2 })]
    expect(broken(judgeLoad({ submissions: together, arrivals }))).toEqual([])
  })
})
