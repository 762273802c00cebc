import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from './find-program.ts'

export interface StartOptions {
  /** The sender has the first core, whatever serves it the second; where `taskset` can give them. */
  readonly core: 'sender' | 'receiver'
  /** Whether it talks with the bench over a channel of Node's. @default false */
  readonly channel?: boolean
}

/** Every process and every temporary folder of one run. None of them outlives it. */
export class ChildProcesses {
  /** Whether processes are kept to their cores. */
  readonly pinned: boolean
  readonly #taskset: string | null
  readonly #running = new Set<ChildProcess>()
  readonly #folders: string[] = []

  constructor() {
    this.#taskset = availableParallelism() > 1 ? findProgram('taskset') : null
    this.pinned = this.#taskset !== null
    process.once('exit', () => this.#end())
    // The default of a signal would end the bench without its `exit` handlers.
    process.once('SIGINT', () => process.exit(130))
    process.once('SIGTERM', () => process.exit(143))
    process.once('SIGHUP', () => process.exit(129))
  }

  start(command: readonly string[], { core, channel = false }: StartOptions): ChildProcess {
    const pin = this.#taskset === null ? [] : [this.#taskset, '--cpu-list', core === 'sender' ? '0' : '1']
    const [program, ...parameters] = [...pin, ...command] as [string, ...string[]]
    const child = spawn(program, parameters, {
      stdio: ['ignore', 'ignore', 'inherit', ...(channel ? (['ipc'] as const) : [])],
    })
    this.#running.add(child)
    child.once('exit', () => this.#running.delete(child))
    return child
  }

  /** A new temporary folder. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'hookline-bench-'))
    this.#folders.push(folder)
    return folder
  }

  #end(): void {
    for (const child of this.#running) child.kill('SIGKILL')
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true })
  }
}
