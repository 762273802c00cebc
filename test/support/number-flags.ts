import { parseArgs, type ParseArgsConfig } from 'node:util'

/** A program was called with flags it does not know. */
export class UsageError extends Error {}

/**
 * Reads a program's flags, each of which takes a whole number from 1. What is not given is as in `defaults`.
 *
 * @returns null when only help was asked for
 * @throws UsageError
 */
export function readNumberFlags<Name extends string>(
  parameters: readonly string[],
  defaults: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number>> | null {
  const given = parseFlags(parameters, Object.keys(defaults))
  if (given['help'] === true) return null
  const read = Object.entries<number>(defaults).map(([name, fallback]) => [name, whole(name, given[name], fallback)])
  // One entry for each name of `defaults`.
  return Object.fromEntries(read) as Record<Name, number>
}

/** Runs a program whose flags are numbers, and sets the exit code: what `main` returns, 1 when it throws, 2 for a wrong call. */
export async function runWithFlags<Name extends string>(
  usage: string,
  defaults: Readonly<Record<Name, number>>,
  main: (flags: Readonly<Record<Name, number>>) => Promise<number>,
  parameters: readonly string[] = process.argv.slice(2),
): Promise<void> {
  try {
    const flags = readNumberFlags(parameters, defaults)
    if (flags === null) console.log(usage)
    else process.exitCode = await main(flags)
  } catch (error) {
    const isMisuse = error instanceof UsageError
    console.error(isMisuse ? `${error.message}\n\n${usage}` : error)
    process.exitCode = isMisuse ? 2 : 1
  }
}

function parseFlags(parameters: readonly string[], names: readonly string[]) {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean' } }
  for (const name of names) options[name] = { type: 'string' }
  try {
    return parseArgs({ args: [...parameters], options }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function whole(name: string, given: unknown, fallback: number): number {
  if (given === undefined) return fallback
  const value = Number(given)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new UsageError(`--${name} must be a whole number from 1, got ${JSON.stringify(given)}`)
}
