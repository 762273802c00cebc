import { parseArgs } from 'node:util'

export interface SoakFlags {
  /** How long faults go on. */
  readonly seconds: number
  readonly seed: number
  readonly endpoints: number
  /** Submissions a second. */
  readonly rate: number
}

export const usage = `npm run soak -- [flags]

  --seconds N    how long faults go on (default 120)
  --seed N       repeats what an earlier run drew; what the machine's own timing decides differs (default: drawn)
  --endpoints N  how many at once (default 200)
  --rate N       events submitted a second (default 250)
  --help`

/** The soak was called with flags it does not know. */
export class UsageError extends Error {}

/** Null when only help was asked for. @throws UsageError */
export function readFlags(parameters: readonly string[], drawnSeed: number): SoakFlags | null {
  const values = parseFlags(parameters)
  if (values.help) return null
  return {
    seconds: whole('seconds', values.seconds, 120),
    seed: whole('seed', values.seed, drawnSeed),
    endpoints: whole('endpoints', values.endpoints, 200),
    rate: whole('rate', values.rate, 250),
  }
}

function parseFlags(parameters: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...parameters],
      options: {
        seconds: { type: 'string' },
        seed: { type: 'string' },
        endpoints: { type: 'string' },
        rate: { type: 'string' },
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
