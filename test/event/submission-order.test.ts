import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventRecord } from '../../src/event/event-record.ts'
import type { SubmittedTransition } from '../../src/event/event-record.ts'
import { SubmissionOrder } from '../../src/event/submission-order.ts'
import { initialDeliveryContext } from '../../machines/delivery.ts'
import { submission } from '../../src/testing/conformance/sample-drafts.ts'

function recordOf(seq: number): EventRecord {
  const submitted = { seq, ...submission(`evt_${seq}`) } as SubmittedTransition // it is a submission
  return new EventRecord(submitted, 0, initialDeliveryContext(1))
}

const anySeqs = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 60, size: 'max' })

test('what was added and not removed comes by submission, from anywhere on, in both orders', () => {
  fc.assert(
    fc.property(anySeqs, anySeqs, fc.nat(61), fc.nat(10), (added, removed, afterSeq, limit) => {
      const order = new SubmissionOrder()
      const records = new Map(added.map((seq) => [seq, recordOf(seq)]))
      for (const record of records.values()) order.add(record)
      for (const seq of removed) order.remove(records.get(seq) ?? recordOf(seq))
      const left = added.filter((seq) => !removed.includes(seq)).sort((one, other) => one - other)
      const seqs = (found: readonly EventRecord[]): number[] => found.map(({ submitted }) => submitted.seq)
      expect(seqs(order.slice('oldest', null, 100))).toEqual(left)
      expect(seqs(order.slice('newest', null, 100))).toEqual([...left].reverse())
      const [later, earlier] = [left.filter((seq) => seq > afterSeq), left.filter((seq) => seq < afterSeq)]
      expect(seqs(order.slice('oldest', afterSeq, limit))).toEqual(later.slice(0, limit))
      expect(seqs(order.slice('newest', afterSeq, limit))).toEqual(earlier.reverse().slice(0, limit))
    }),
  )
})
