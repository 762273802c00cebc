import { describe, expect, test } from 'vitest'
import { answerText, lateSurplusStatus, packedSurplusStatus } from '../receivers/received-attempt.ts'
import type { AnswerName } from '../receivers/received-attempt.ts'
import {
  answeredWith,
  arrival,
  lost,
  notSent,
  oneEvent,
  plainSteps,
  started,
  submittedAt,
  succeeded,
} from '../small-history.ts'
import { checkAnswers, countMistaken } from './answers.ts'

const own: AnswerName = { kind: 'true', endpoint: 1, eventId: 'evt_1', attempt: 1 }
const begun = [submittedAt(1), started(1)]

function checked(end: Parameters<typeof oneEvent>[0][number], received = [arrival('evt_1', 1)]): string[] {
  return checkAnswers(oneEvent([...begun, end], received))
}

describe('accepts', () => {
  test.each([
    ['a delivery that its receiver answered so', succeeded(1, 200, answerText(own)), undefined],
    ['a failure that its receiver answered so', answeredWith(1, 503, null), [arrival('evt_1', 1, { status: 503 })]],
    ['an end that leaves open whether it arrived, whatever was answered', lost(1), undefined],
    ['an attempt that was not sent and did not arrive', notSent(1), []],
  ])('%s', (_name, end, received) => {
    expect(checked(end, received)).toEqual([])
  })
})

describe('finds', () => {
  test('a delivery that nobody answered', () => {
    expect(checkAnswers(oneEvent(plainSteps, []))).toEqual([
      'evt_1 attempt 1: the log says 200, its receiver answered null',
    ])
  })

  test('a delivery that was answered otherwise', () => {
    const received = [arrival('evt_1', 1, { status: 500 })]
    expect(checked(succeeded(1), received)).toEqual(['evt_1 attempt 1: the log says 200, its receiver answered 500'])
  })

  test('a failure that was a 2xx answer in truth', () => {
    expect(checked(answeredWith(1, 500, null))).toHaveLength(1)
  })

  test('a delivery by any other status than 2xx', () => {
    const received = [arrival('evt_1', 1, { status: 500, afterSurplus: true })]
    expect(checked(succeeded(1, 500), received)).toEqual(['evt_1 attempt 1: 500 was taken for attempt.succeeded'])
  })

  test.each([
    ['another endpoint', { ...own, endpoint: 2 }],
    ['another event', { ...own, eventId: 'evt_2' }],
    ['another attempt', { ...own, attempt: 2 }],
  ])('an answer to %s, although the status is the same', (_name, name) => {
    expect(checked(succeeded(1, 200, answerText(name)))).toEqual([
      expect.stringContaining(`was settled by the true answer to endpoint ${name.endpoint}, ${name.eventId}`),
    ])
  })

  test('an answer too many that came in the packet of the true one', () => {
    expect(checked(succeeded(1, packedSurplusStatus, answerText({ ...own, kind: 'surplus' })))).toHaveLength(1)
  })

  test('an answer too many of another endpoint', () => {
    const text = answerText({ ...own, kind: 'surplus', endpoint: 2 })
    expect(checked(answeredWith(1, lateSurplusStatus, text))).toHaveLength(1)
  })

  test('an attempt that was not sent, and arrived', () => {
    expect(checked(notSent(1))).toEqual(['evt_1 attempt 1: the log says it was not sent, and it arrived'])
  })
})

describe('on a connection over which the endpoint had sent an answer too many', () => {
  const received = [arrival('evt_1', 1, { afterSurplus: true })]
  const settledBy = (name: AnswerName, spoiled = received) =>
    oneEvent([...begun, answeredWith(1, lateSurplusStatus, answerText(name))], spoiled)

  test.each([
    ['the answer too many itself', { ...own, kind: 'surplus', eventId: 'evt_0' } as const],
    ['the answer to the request before', { ...own, eventId: 'evt_0' }],
  ])('lets %s be, and counts it', (_name, name) => {
    const facts = settledBy(name)
    expect(checkAnswers(facts)).toEqual([])
    expect(countMistaken(facts)).toBe(1)
  })

  test('finds an answer of another endpoint all the same', () => {
    const facts = settledBy({ ...own, kind: 'surplus', endpoint: 2 })
    expect(checkAnswers(facts)).toHaveLength(1)
    expect(countMistaken(facts)).toBe(0)
  })
})
