// How a process is run under strace, and what that leaves is read.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Launcher } from '../service-process.ts'
import type { TracedOp } from './disk-op.ts'
import { parseTrace, tracedCalls } from './parse-trace.ts'

/** Whether strace is there, and may look at another process. */
export function canTrace(): boolean {
  try {
    execFileSync('strace', ['-e', 'trace=none', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Starts a process whose threads leave a trace each in `folder`. */
export function straceLauncher(folder: string): Launcher {
  // With a filter of the kernel's own only the calls that are traced stop.
  const how = ['-ff', '--seccomp-bpf', '-qq', '-y', '-xx', '-s', '10000000']
  const what = ['-e', `trace=${tracedCalls.join(',')}`, '-e', 'signal=none']
  return { program: 'strace', parameters: [...how, ...what, '-o', join(folder, 'thread')] }
}

/**
 * What the process did to files of `watched`, and what the thread that did it sent.
 *
 * @throws Error when two threads had to do with the files: nobody would know the order of what they did
 */
export function readTrace(folder: string, watched: string): TracedOp[] {
  const threads = readdirSync(folder)
    .map((name) => parseTrace(readFileSync(join(folder, name), 'latin1'), watched))
    .filter((ops) => ops.some(({ type }) => type !== 'sent'))
  const [ops] = threads
  if (ops === undefined || threads.length > 1) throw new Error(`${threads.length} threads have written to ${watched}`)
  return ops
}
