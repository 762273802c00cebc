import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runProgram } from '../../src/cli/program.ts'
import { createTestTerminal } from '../cli/test-terminal.ts'

/** A file of `deploy/`, by its name. */
export function deployFile(name: string): string {
  return readFileSync(deployPath(name), 'utf8')
}

export function deployPath(name: string): string {
  return fileURLToPath(new URL(`../../deploy/${name}`, import.meta.url))
}

/** The flags of a call that its command does not have; throws for a command that there is not. */
export async function unknownFlags([command = '', ...args]: readonly string[]): Promise<string[]> {
  const terminal = createTestTerminal()
  const code = await runProgram([command, '--help'], terminal)
  if (code !== 0) throw new Error(`hookline has no command "${command}"`)
  const known = new Set(terminal.printed.match(/--[a-z][a-z-]*/g))
  return args.filter((argument) => argument.startsWith('--') && !known.has(argument))
}
