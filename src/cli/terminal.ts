import pc from 'picocolors'
import { systemClock } from '../clock/system-clock.ts'
import type { Clock } from '../clock/clock.ts'

type Colors = ReturnType<typeof pc.createColors>

/** Where a command prints: results to the standard output, everything else to the standard error. */
export interface Terminal {
  /** Writes a line of the result. */
  print(line: string): void
  /** Writes a line that is not part of the result: a warning, an error. */
  note(line: string): void
  /** Replaces the line that shows how far a command is; `null` clears it. Only on a terminal. */
  progress(line: string | null): void
  /** Colours of the standard output. They change nothing where it is no terminal, or NO_COLOR is set. */
  readonly colors: Colors
  /** Whether a person reads the standard output. */
  readonly interactive: boolean
  /** How many characters fit in a line. */
  readonly columns: number
  readonly clock: Clock
  /** The environment's variables. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Resolves when the person ends the program (Ctrl-C), or the system does. */
  interrupted(): Promise<void>
}

/** The terminal that the process was started from. */
export function processTerminal(process: NodeJS.Process): Terminal {
  const { stdout, stderr, env } = process
  const plain = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== ''
  const clearLine = '\r\x1b[2K'
  let shown = false
  const clear = (): void => {
    if (shown) stderr.write(clearLine)
    shown = false
  }
  return {
    print(line) {
      clear()
      stdout.write(`${line}\n`)
    },
    note(line) {
      clear()
      stderr.write(`${line}\n`)
    },
    progress(line) {
      if (!stderr.isTTY) return
      clear()
      if (line === null) return
      stderr.write(line)
      shown = true
    },
    colors: pc.createColors(stdout.isTTY && !plain),
    interactive: stdout.isTTY,
    columns: stdout.columns ?? 100,
    clock: systemClock,
    environment: env,
    interrupted: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
      }),
  }
}
