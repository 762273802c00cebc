import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { LogPlace } from '../../src/testing/index.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { ModelLogPlace } from './model-place.ts'
import { SqlitePlace } from './sqlite-place.ts'

/** A disk in memory, where there is one: a simulated power cut is no better for a real disk. */
const fastFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Takes `--home NAME` out of a program's parameters. */
export function takeHome(parameters: readonly string[]): { home: string; parameters: string[] } {
  const index = parameters.indexOf('--home')
  if (index === -1) return { home: 'memory', parameters: [...parameters] }
  return {
    home: parameters[index + 1] ?? '',
    parameters: parameters.filter((_, at) => at !== index && at !== index + 1),
  }
}

/** Makes places for logs; undefined: the simulation's own, in memory. */
export function placeOf(home: string): (() => LogPlace) | undefined {
  switch (home) {
    case 'memory':
      return undefined
    case 'model':
      return () => new ModelLogPlace()
    case 'sqlite': {
      const [driver] = availableDriverNames
      if (driver === undefined) throw new Error('this Node has no driver of SQLite')
      return () => new SqlitePlace(driver, fastFolder)
    }
    default:
      throw new Error(`--home must be memory, model or sqlite, got ${JSON.stringify(home)}`)
  }
}
