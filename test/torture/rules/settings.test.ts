import { expect, test } from 'vitest'
import { startedAtMs } from '../../soak/small-history.ts'
import type { LedgerDeed } from '../ledger.ts'
import { arrived, deed, evidence } from '../small-evidence.ts'
import { checkSettings } from './settings.ts'

/** The request of `evidence` started at `startedAtMs`, and arrived a millisecond later. */
function check(deeds: readonly LedgerDeed[], arrival = arrived('evt_1', 1)): string[] {
  const first = (['version', 'generation', 'paused'] as const).map((kind) => deed(kind, 0, 0, 0))
  return checkSettings(evidence({ deeds: [...first, ...deeds], arrivals: [arrival] }))
}

const before = startedAtMs - 100
const after = startedAtMs + 100

test('accepts what was acknowledged before', () => {
  expect(check([])).toEqual([])
  expect(check([deed('version', 1, before, before)], arrived('evt_1', 1, { version: 1 }))).toEqual([])
})

test('finds settings that were replaced before', () => {
  expect(check([deed('version', 1, before, before)])).toEqual(['evt_1 attempt 1 has settings 0, not 1'])
})

test('finds settings that nobody had asked for yet', () => {
  const early = arrived('evt_1', 1, { version: 1 })
  expect(check([deed('version', 1, after, after)], early)).toEqual(['evt_1 attempt 1 has settings 1, not 0'])
})

test('accepts either while nobody was told', () => {
  const deeds = [deed('version', 1, before, Infinity)]
  expect(check(deeds)).toEqual([])
  expect(check(deeds, arrived('evt_1', 1, { version: 1 }))).toEqual([])
})

test('finds the signature of a secret that was replaced before', () => {
  expect(check([deed('generation', 1, before, before)])).toEqual(['evt_1 attempt 1 has secret 0, not 1'])
})

test('finds an attempt that started while its endpoint was paused', () => {
  expect(check([deed('paused', 1, before, before)])).toEqual(['evt_1 attempt 1 started while its endpoint was paused'])
})
