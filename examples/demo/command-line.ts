import { parseArgs } from 'node:util'

export const usage = `hookline demo: delivers payment events to a merchant whose servers mostly fail or hang.

Usage: npm run demo -- [options]

Options:
  --seed N    let chance repeat itself: the merchant draws its answers from seed N,
              a whole number from 0 to 4294967295 (default: another one each time)
  --log FILE  write the log of all transitions to FILE, as JSONL
  --help      show this

Exit code: 0 when every promise was kept, 1 when one was broken, 2 for a wrong call.
`

export type DemoCommand =
  | { readonly kind: 'run'; readonly seed?: number; readonly logFile?: string }
  | { readonly kind: 'help' }
  | { readonly kind: 'misuse'; readonly message: string }

/** Reads what was typed after `npm run demo --`. */
export function parseDemoCommand(args: readonly string[]): DemoCommand {
  let values
  try {
    const seed = { type: 'string' } as const
    const help = { type: 'boolean', short: 'h' } as const
    values = parseArgs({ args: [...args], options: { seed, log: seed, help } }).values
  } catch (error) {
    return { kind: 'misuse', message: error instanceof Error ? error.message : String(error) }
  }
  if (values.help === true) return { kind: 'help' }
  const { seed, log } = values
  if (seed !== undefined && !isSeed(seed)) {
    return { kind: 'misuse', message: `--seed must be a whole number from 0 to 4294967295, got '${seed}'` }
  }
  if (log === '') return { kind: 'misuse', message: '--log must name a file, got nothing' }
  return {
    kind: 'run',
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(log === undefined ? {} : { logFile: log }),
  }
}

function isSeed(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32
}
