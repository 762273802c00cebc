import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { ContestantSettings } from '../contestants/contestant.ts'
import type { Answers, Order, Reply } from '../contestants/order.ts'
import type { ChildProcesses } from './child-processes.ts'

/** Enough for a million waiting events. Only the limit of the heap: what is used does not grow by it. */
const heapLimit = '--max-old-space-size=6144'

/** A contestant in a process of its own, on the sender's core. */
export class ContestantProcess {
  readonly #child: ChildProcess
  #waiting: ((reply: Reply) => void) | null = null

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (reply: Reply) => this.#answered(reply))
    child.on('exit', (code, signal) =>
      this.#answered({ ok: false, error: `the contestant's process ended (${String(code ?? signal)})` }),
    )
  }

  /** @throws Error when it cannot be started: a package or a server that it needs is missing */
  static async start(
    processes: ChildProcesses,
    programFile: string,
    settings: ContestantSettings,
  ): Promise<ContestantProcess> {
    const command = [process.execPath, '--expose-gc', heapLimit, programFile]
    const started = new ContestantProcess(processes.start(command, { core: 'sender', channel: true }))
    await started.order({ type: 'start', settings })
    return started
  }

  /** Has it carry out one order. One at a time. @throws Error when it fails, or the process ends */
  async order<Given extends Order>(order: Given): Promise<Answers[Given['type']]> {
    const reply = await new Promise<Reply>((resolve) => {
      this.#waiting = resolve
      this.#child.send(order)
    })
    if (!reply.ok) throw new Error(reply.error)
    // The program answers each order in the shape that Answers gives it.
    return reply.answer as Answers[Given['type']]
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }

  #answered(reply: Reply): void {
    this.#waiting?.(reply)
    this.#waiting = null
  }
}
