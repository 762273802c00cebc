import { expect, test } from 'vitest'
import { InvalidOptionError, simulate, type SimulationOptions } from '../../../src/testing/index.ts'
import { describeFailure } from '../../simulation/describe-failure.ts'
import { ModelLogPlace } from '../../simulation/model-place.ts'
import { SqlitePlace } from '../../simulation/sqlite-place.ts'
import { availableDriverNames } from '../../support/sqlite-drivers.ts'

const model = () => new ModelLogPlace()

test('every promise is kept on a durable log, whatever the seed', { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const report = await simulate({ seed, log: model })
    expect(report.ok, describeFailure(report)).toBe(true)
  }
})

test.each(availableDriverNames)('and on a SQLite file, by %s', { timeout: 60_000 }, async (driver) => {
  for (let seed = 1; seed <= 12; seed += 1) {
    const report = await simulate({ seed, log: () => new SqlitePlace(driver) })
    expect(report.ok, describeFailure(report)).toBe(true)
  }
})

test('the same seed gives the same run to the byte, on a file too', { timeout: 60_000 }, async () => {
  const [driver] = availableDriverNames
  for (let seed = 1; seed <= 5; seed += 1) {
    const options = { seed, faults: { crashesAtRest: 0.3, fullDisks: 0 } }
    const { fingerprint } = await simulate({ ...options, log: () => new SqlitePlace(driver!) })
    expect((await simulate({ ...options, log: () => new SqlitePlace(driver!) })).fingerprint).toBe(fingerprint)
  }
})

test('a full disk refuses submissions, loses none that was acknowledged, and all goes on when space returns', async () => {
  const faults = { fullDisks: 1, crashesAtRest: 0, crashesAtCommit: 0, crashesBeforeAppend: 0, crashesAfterAppend: 0 }
  let full = 0
  for (let seed = 1; seed <= 10; seed += 1) {
    const report = await simulate({ seed, faults, log: () => new SqlitePlace(availableDriverNames[0]!) })
    expect(report.ok, describeFailure(report)).toBe(true)
    full += report.faults.fullDisks
  }
  expect(full).toBeGreaterThan(10)
})

test.each<[string, unknown, string]>([
  ['a log that is no function', 'memory', 'log must be a function that makes a place'],
  ['a place that is none', () => ({ open: () => undefined }), 'log() must be an object with the methods open, crash'],
])('refuses %s', async (_, log, message) => {
  // What callers without types may pass.
  const refused = simulate({ seed: 1, log } as SimulationOptions)
  await expect(refused).rejects.toThrow(InvalidOptionError)
  await expect(refused).rejects.toThrow(message)
})
