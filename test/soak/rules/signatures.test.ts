import { describe, expect, test } from 'vitest'
import type { EndpointFact } from '../facts.ts'
import { arrival, endpoint, oneEvent, plainSteps, startedAtMs } from '../small-history.ts'
import { checkSignatures } from './signatures.ts'

/** Rotated so long before the attempt; the old secret's overlap ended at `untilMs`. */
function rotated(untilMs: number): EndpointFact {
  const rotatedAtMs = startedAtMs - 1000
  return {
    ...endpoint(1),
    signing: [
      { generation: 0, fromMs: 0, untilMs, replacedAtMs: rotatedAtMs },
      { generation: 1, fromMs: rotatedAtMs, untilMs: Infinity, replacedAtMs: Infinity },
    ],
  }
}

function checked(signedBy: readonly number[], own: EndpointFact): string[] {
  return checkSignatures(oneEvent(plainSteps, [arrival('evt_1', 1, { signedBy })], { endpoints: [own] }))
}

describe('accepts', () => {
  test('the one secret there is', () => {
    expect(checked([0], endpoint(1))).toEqual([])
  })

  test('both secrets during the overlap', () => {
    expect(checked([0, 1], rotated(startedAtMs + 1000))).toEqual([])
  })
})

describe('finds', () => {
  test('a request that nobody signed', () => {
    expect(checked([], endpoint(1))).toEqual(['evt_1 attempt 1: secret 0 did not sign'])
  })

  test('the old secret after its overlap', () => {
    expect(checked([0, 1], rotated(startedAtMs - 500))).toEqual(['evt_1 attempt 1: secret 0 signed out of its time'])
  })

  test('the old secret alone', () => {
    expect(checked([0], rotated(startedAtMs + 1000))).toEqual(['evt_1 attempt 1: secret 1 did not sign'])
  })

  test('headers that are not the endpoint’s', () => {
    const facts = oneEvent(plainSteps, [arrival('evt_1', 1, { headersRight: false })])
    expect(checkSignatures(facts)).toEqual(['evt_1 attempt 1: its headers are not those of its endpoint, each once'])
  })
})
