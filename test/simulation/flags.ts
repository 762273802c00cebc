import { parseArgs } from 'node:util'

export interface SimulationFlags {
  /** How many seeds, at least. */
  readonly seeds: number
  /** The first of them. */
  readonly from: number
  /** How long they may take in all. */
  readonly seconds: number
}

export const usage = `npm run simulate -- [flags]

  --seeds N    how many seeds (default 2000)
  --from N     the first of them (default: drawn)
  --seconds N  how long they may take in all; not getting through all of them is a failure (default 300)
  --help`

/** The program was called with flags it does not know. */
export class UsageError extends Error {}

/** Null when only help was asked for. @throws UsageError */
export function readFlags(parameters: readonly string[], drawnFrom: number): SimulationFlags | null {
  const values = parseFlags(parameters)
  if (values.help) return null
  return {
    seeds: whole('seeds', values.seeds, 2000),
    from: whole('from', values.from, drawnFrom),
    seconds: whole('seconds', values.seconds, 300),
  }
}

function parseFlags(parameters: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...parameters],
      options: {
        seeds: { type: 'string' },
        from: { type: 'string' },
        seconds: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function whole(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new UsageError(`--${name} must be a whole number from 1, got "${text}"`)
}
