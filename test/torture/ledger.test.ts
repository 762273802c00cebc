import { expect, test } from 'vitest'
import { Ledger } from './ledger.ts'
import type { ServiceReply } from './service/message.ts'

const asked = { endpoint: 0, orderingKey: null, batch: null, hasIdempotencyKey: true, text: '' }

function reply(...eventIds: string[]): ServiceReply {
  return { type: 'done', call: 1, eventIds }
}

function refusedBy(by: 'call' | 'flush'): ServiceReply {
  return { type: 'refused', call: 1, by, code: 'STORAGE_FAILED', reason: 'full', message: 'full' }
}

function submitted(answer: ServiceReply | null) {
  const ledger = new Ledger(['STORAGE_FAILED (full)'])
  const submission = ledger.submission(asked)
  submission.asked += 1
  ledger.answered([submission], answer)
  return { ledger, submission }
}

test('knows what was acknowledged, refused, or neither', () => {
  expect(submitted(reply('evt_1')).submission).toMatchObject({ fate: 'acknowledged', eventId: 'evt_1' })
  expect(submitted(refusedBy('call')).submission.fate).toBe('refused')
  expect(submitted(refusedBy('flush')).submission.fate).toBe('unknown')
  expect(submitted(null).submission.fate).toBe('unknown')
})

test('finds a second id for what was submitted again', () => {
  const { ledger, submission } = submitted(reply('evt_1'))
  ledger.answered([submission], reply('evt_1'))
  expect(ledger.surprises).toEqual([])
  ledger.answered([submission], reply('evt_2'))
  expect(ledger.surprises).toEqual(['submission 0 was acknowledged as evt_1, and later as evt_2'])
})

test('is surprised by a refusal that is not expected', () => {
  const ledger = new Ledger([])
  ledger.answered([ledger.submission(asked)], refusedBy('flush'))
  expect(ledger.surprises).toEqual(['a call was refused with STORAGE_FAILED (full): full'])
})

test('is surprised when an endpoint comes back as it cannot be', () => {
  const ledger = new Ledger([])
  ledger.deedAnswered(ledger.deed({ endpoint: 0, kind: 'version', value: 1 }), reply())
  ledger.deed({ endpoint: 0, kind: 'version', value: 2 })
  ledger.cameBack(0, 'version', 2)
  expect(ledger.surprises).toEqual([])
  ledger.cameBack(0, 'version', 1)
  expect(ledger.surprises).toEqual(['endpoint 0 came back with version 1, not 2'])
})
