import type { DriverName } from '../../src/sqlite/driver/database.ts'
import { readNumberFlags, UsageError } from '../support/number-flags.ts'

export interface TortureFlags {
  readonly kills: number
  /** How long the kills may take. */
  readonly seconds: number
  readonly seed: number
  /** How often the disk is filled. */
  readonly fills: number
  /** How many bits are flipped. */
  readonly flips: number
  /** How often power is lost, beside at each sync. */
  readonly losses: number
  /** Null: hookline's own choice. */
  readonly driver: DriverName | null
  /** The parts to run. */
  readonly only: readonly PartName[]
}

export const partNames = ['kills', 'power', 'disk', 'second', 'flips', 'mutants'] as const
export type PartName = (typeof partNames)[number]

export const usage = `npm run torture -- [flags]

  --kills N      how often the service is killed (default 200)
  --seconds N    how long that may take; fewer kills than wanted break a rule (default 420)
  --fills N      how often its disk is filled (default 4)
  --flips N      how many bits are flipped in its file (default 12)
  --losses N     how often power is lost, beside at each sync (default 100)
  --seed N       repeats what an earlier run drew; what the machine's own timing decides differs (default: drawn)
  --driver NAME  node:sqlite or better-sqlite3 (default: hookline's own choice; power is lost with all that this Node has)
  --only PARTS   some of ${partNames.join(',')} (default: all)
  --help`

/** @returns null when only help was asked for. @throws UsageError */
export function readFlags(parameters: readonly string[], drawnSeed: number): TortureFlags | null {
  const words: Record<string, string | undefined> = {}
  const rest: string[] = []
  for (let index = 0; index < parameters.length; index++) {
    const parameter = parameters[index] ?? ''
    if (parameter === '--driver' || parameter === '--only') words[parameter] = parameters[(index += 1)] ?? ''
    else rest.push(parameter)
  }
  const numbers = readNumberFlags(rest, { kills: 200, seconds: 420, seed: drawnSeed, fills: 4, flips: 12, losses: 100 })
  if (numbers === null) return null
  return { ...numbers, driver: readDriver(words['--driver']), only: readParts(words['--only']) }
}

function readDriver(given: string | undefined): DriverName | null {
  if (given === undefined || given === 'node:sqlite' || given === 'better-sqlite3') return given ?? null
  throw new UsageError(`--driver must be node:sqlite or better-sqlite3, got ${JSON.stringify(given)}`)
}

function readParts(given: string | undefined): readonly PartName[] {
  if (given === undefined) return partNames
  const wanted = given.split(',')
  const unknown = wanted.find((name) => !partNames.some((part) => part === name))
  if (unknown === undefined) return partNames.filter((part) => wanted.includes(part))
  throw new UsageError(`--only must be some of ${partNames.join(', ')}, got ${JSON.stringify(unknown)}`)
}
