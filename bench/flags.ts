import { parseArgs } from 'node:util'

export const chapters = [
  'compare',
  'guard',
  'endpoints',
  'pending',
  'memory',
  'fairness',
  'replay',
  'durable',
  'restart',
] as const
export const compared = ['hookline', 'undici', 'bullmq-undici', 'bullmq-axios'] as const

export type Chapter = (typeof chapters)[number]
export type Compared = (typeof compared)[number]
export type Pace = 'short' | 'default' | 'full'

export interface Flags {
  readonly pace: Pace
  readonly chapters: readonly Chapter[]
  /** Who takes part in the comparison. */
  readonly contestants: readonly Compared[]
  readonly jsonFile: string | null
  /** Whether to write a profile of hookline's part of the comparison. */
  readonly profile: boolean
}

export const usage = `npm run bench -- [flags]

  --short        under a minute: fewer rounds and sizes
  --full         a million deliveries for the memory chapter, more rounds
  --only NAMES   some of it, separated by commas: ${chapters.join(', ')};
                 or, of the comparison, only ${compared.join(', ')}
  --json FILE    writes every figure of every round
  --cpu-prof     writes a CPU profile of hookline (its own figures are too high then)
  --help`

/** The bench was called with flags it does not know. */
export class UsageError extends Error {}

/** Null when only help was asked for. @throws UsageError */
export function readFlags(parameters: readonly string[]): Flags | null {
  const values = parseFlags(parameters)
  if (values.help) return null
  const names = values.only?.split(',') ?? [...chapters]
  const unknown = names.find((name) => !isOneOf(chapters, name) && !isOneOf(compared, name))
  if (unknown !== undefined)
    throw new UsageError(`--only: "${unknown}" is none of ${[...chapters, ...compared].join(', ')}`)
  const contestants = names.filter((name) => isOneOf(compared, name))
  const named = names.filter((name) => isOneOf(chapters, name))
  return {
    pace: values.full ? 'full' : values.short ? 'short' : 'default',
    chapters: contestants.length > 0 ? ['compare', ...named.filter((name) => name !== 'compare')] : named,
    contestants: contestants.length > 0 ? contestants : [...compared],
    jsonFile: values.json ?? null,
    profile: values['cpu-prof'],
  }
}

function parseFlags(parameters: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...parameters],
      options: {
        short: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        only: { type: 'string' },
        json: { type: 'string' },
        'cpu-prof': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name)
}
