import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { builtScript } from '../support/built-script.ts'

/** A TypeScript file running as a program of its own. */
export interface RunningScript {
  readonly process: ChildProcessByStdio<null, Readable, Readable>
  /** Resolves with the first line of its output that matches; rejects when it ends without one. */
  line(pattern: RegExp): Promise<string>
  /** Resolves when it has ended. `code` is null when a signal ended it. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>
}

export async function runScript(file: string, ...args: string[]): Promise<RunningScript> {
  const child = spawn(process.execPath, [await builtScript(file), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const lines = createInterface({ input: child.stdout })
  const ended = Promise.all([code, text(child.stdout), text(child.stderr)]).then(([code, stdout, stderr]) => {
    return { code, stdout, stderr }
  })
  return {
    process: child,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        lines.on('line', (line) => {
          if (pattern.test(line)) resolve(line)
        })
        ended.then(
          ({ stderr }) => reject(new Error(`${file} ended without a line that matches ${String(pattern)}: ${stderr}`)),
          reject,
        )
      }),
  }
}
