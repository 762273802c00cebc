import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

/** The program as it was built before the tests. */
export const builtProgram = join(inject('builtPackage'), 'cli.mjs')

/** How a run of the program ended, and what it wrote. */
export interface ProgramRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the program as its users do: as a process of its own. */
export function runHookline(args: readonly string[], input = ''): Promise<ProgramRun> {
  return new Promise((resolve, reject) => {
    const child = startHookline(args)
    const run = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (run.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (run.stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...run }))
    child.stdin.end(input)
  })
}

/** Starts it, for whoever wants to be rude to it. */
export function startHookline(
  args: readonly string[],
  nodeArgs: readonly string[] = [],
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...nodeArgs, builtProgram, ...args], { stdio: 'pipe' })
}

/** Runs it with its result going into a file. */
export function runInto(path: string, args: readonly string[]): { status: number | null; stderr: string } {
  const file = openSync(path, 'w')
  try {
    const stdio = ['ignore', file, 'pipe'] as const
    return spawnSync(process.execPath, [builtProgram, ...args], { stdio: [...stdio], encoding: 'utf8' })
  } finally {
    closeSync(file)
  }
}
