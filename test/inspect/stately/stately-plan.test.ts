import { describe, expect, test } from 'vitest'
import { InvalidOptionError, MissingDependencyError } from '../../../src/errors/errors.ts'
import { planStately } from '../../../src/inspect/stately/stately-plan.ts'

const missing = () => Promise.reject(new Error("Cannot find package '@statelyai/inspect'"))

describe('the package @statelyai/inspect', () => {
  test('is used where it is installed', async () => {
    expect(await planStately(undefined)).not.toBeNull()
  })

  test('is done without where it is not, unless it is asked for', async () => {
    expect(await planStately(undefined, missing)).toBeNull()
    expect(await planStately(false, missing)).toBeNull()
  })

  test.each([true, {}, { sample: 0.5 }])('is demanded by %j, with the command that installs it', async (asked) => {
    const refused = planStately(asked, missing)
    await expect(refused).rejects.toThrow(MissingDependencyError)
    await expect(refused).rejects.toThrow('npm install @statelyai/inspect')
  })

  test('is not loaded where it is left out', async () => {
    let loaded = false
    await planStately(false, () => {
      loaded = true
      return missing()
    })
    expect(loaded).toBe(false)
  })
})

test.each([
  [null, 'stately must be a plain object'],
  ['yes', 'stately must be a plain object'],
  [{ colour: 'red' }, 'stately.colour is not an option'],
  [{ filter: 'payment' }, 'stately.filter must be a function'],
  [{ sample: 1.5 }, 'stately.sample must be a number from 0 to 1'],
  [{ maxEventsPerSecond: 0 }, 'stately.maxEventsPerSecond must be a whole number from 1'],
  [{ url: '/inspect' }, 'stately.url must be an absolute http or https URL'],
  [{ url: 'javascript:alert(1)' }, 'stately.url must be an absolute http or https URL'],
  [{ url: 'https://me:secret@stately.ai/' }, 'stately.url must be an absolute http or https URL'],
])('refuses %j', async (value, message) => {
  const refused = planStately(value)
  await expect(refused).rejects.toThrow(InvalidOptionError)
  await expect(refused).rejects.toThrow(message)
  await expect(refused).rejects.not.toThrow('secret@')
})
