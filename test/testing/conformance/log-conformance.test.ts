import { describe, expect, test } from 'vitest'
import { memoryLog } from '../../../src/log/memory-log.ts'
import { InvalidOptionError, logConformance, type LogFactory } from '../../../src/testing/index.ts'
import { modelLogFactory } from '../../support/model-log-factory.ts'
import { brokenHomes } from './broken-homes.ts'

const names = logConformance(modelLogFactory).map(({ name }) => name)

describe('each rule fails on a home that breaks it', () => {
  test.each(brokenHomes)('%s: %s', { timeout: 60_000 }, async (rule, _, factory) => {
    const broken = logConformance(factory).find(({ name }) => name === rule)!
    expect(broken.skipped).toBeNull()
    await expect(broken.run()).rejects.toThrow()
  })

  test('and there is one for every rule', () => {
    expect([...new Set(brokenHomes.map(([rule]) => rule))]).toEqual(names)
  })
})

test('each rule has a name of its own', () => {
  expect(new Set(names).size).toBe(names.length)
})

test('what a factory cannot do is skipped, and says so', () => {
  const cases = logConformance({ open: memoryLog })
  const skipped = cases.filter((each) => each.skipped !== null)
  expect(new Set(skipped.map((each) => each.skipped))).toEqual(
    new Set(['the factory has no method "reopen"', 'the factory has no method "crash"']),
  )
})

test('what is skipped by its name, or by what it needs, carries the reason, and is not run', async () => {
  const skip = { [names[0]!]: 'of late', storedEvents: 'not built yet' }
  const cases = logConformance({ ...modelLogFactory, skip })
  expect(cases[0]).toMatchObject({ name: names[0], skipped: 'of late' })
  const reasons = cases.filter(({ name }) => name.startsWith('stored events: ')).map(({ skipped }) => skipped)
  expect(new Set(reasons)).toEqual(new Set(['not built yet']))
  await expect(cases[0]!.run()).rejects.toThrow('is skipped: of late')
})

test('every home that a case opened is disposed of, also when the rule is broken', async () => {
  for (const [, , factory] of brokenHomes.slice(0, 1)) {
    let open = 0
    const [first] = logConformance({
      ...factory,
      open: () => {
        open += 1
        return factory.open()
      },
      dispose: () => {
        open -= 1
      },
    })
    await expect(first!.run()).rejects.toThrow()
    expect(open).toBe(0)
  }
})

test.each<[string, unknown, string]>([
  ['no factory', undefined, 'factory must be an object with the methods open'],
  ['a factory that opens nothing', { close: () => undefined }, 'factory must be an object with the methods open'],
  ['a skip that is no object', { open: memoryLog, skip: ['close'] }, 'factory.skip must be a plain object'],
  [
    'a case that there is none of',
    { open: memoryLog, skip: { everything: 'no' } },
    '"everything" is not the name of a case',
  ],
  ['a skip without a reason', { open: memoryLog, skip: { close: ' ' } }, 'factory.skip["close"] must be the reason'],
])('refuses %s', (_, factory, message) => {
  // What callers without types may pass.
  const refused = () => logConformance(factory as LogFactory)
  expect(refused).toThrow(InvalidOptionError)
  expect(refused).toThrow(message)
})
