import { fork, type ChildProcess } from 'node:child_process'
import type { LifeOrder, ServiceNotice, ServiceOrder, ServiceReply } from './service/message.ts'

type Notice<Type extends ServiceNotice['type']> = Extract<ServiceNotice, { readonly type: Type }>
type DistributiveOmit<T, Key extends PropertyKey> = T extends unknown ? Omit<T, Key> : never
/** An order that was not numbered yet. */
export type UnnumberedOrder = DistributiveOmit<ServiceOrder, 'call'>

/** How a life ended. */
export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

export interface ProcessListener {
  /** Records that subscribers of the log were told of. */
  told(lines: readonly string[]): void
}

/** The program that starts a life's process instead of Node itself, with its parameters. Node and its own follow. */
export interface Launcher {
  readonly program: string
  readonly parameters: readonly string[]
}

/** One life of the service, in a process of its own, as the controller sees it. */
export class ServiceProcess {
  /** Null: it ended before. */
  readonly started: Promise<Notice<'ready'> | Notice<'notOpened'> | null>
  readonly ended: Promise<End>
  /** What it said of its home's condition, in order. */
  readonly conditions: string[] = []
  readonly quarantined: string[] = []
  /** What it was asked, by the number of the call. */
  readonly orders = new Map<number, UnnumberedOrder>()
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (reply: ServiceReply | null) => void>()
  readonly #listener: ProcessListener
  #calls = 0
  #over = false
  #start: (notice: Notice<'ready'> | Notice<'notOpened'> | null) => void = () => undefined

  constructor(program: string, life: LifeOrder, listener: ProcessListener, launcher: Launcher | null = null) {
    this.#listener = listener
    this.#child = fork(program, [JSON.stringify(life)], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      ...(launcher && { execPath: launcher.program, execArgv: [...launcher.parameters, process.execPath] }),
    })
    this.started = new Promise((resolve) => (this.#start = resolve))
    this.#child.on('message', (message: ServiceNotice | ServiceReply) => this.#hear(message))
    let stderr = ''
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    this.ended = new Promise((resolve) => {
      // Not `exit`: what it said before may still be on its way.
      this.#child.once('close', (code, signal) => {
        this.#end()
        resolve({ code, signal, stderr })
      })
    })
  }

  get over(): boolean {
    return this.#over
  }

  /** Resolves with its answer, or null when it ended first: nobody knows what became of the order. */
  ask(order: UnnumberedOrder): Promise<ServiceReply | null> {
    if (this.#over) return Promise.resolve(null)
    const call = (this.#calls += 1)
    this.orders.set(call, order)
    return new Promise((resolve) => {
      this.#waiting.set(call, resolve)
      this.#child.send({ ...order, call }, () => undefined)
    })
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #hear(message: ServiceNotice | ServiceReply): void {
    switch (message.type) {
      case 'ready':
      case 'notOpened':
        return this.#start(message)
      case 'records':
        return this.#listener.told(message.lines)
      case 'condition':
        this.conditions.push(message.condition)
        return
      case 'quarantined':
        this.quarantined.push(message.eventId)
        return
      case 'done':
      case 'refused':
      case 'statuses': {
        const resolve = this.#waiting.get(message.call)
        this.#waiting.delete(message.call)
        resolve?.(message)
      }
    }
  }

  #end(): void {
    this.#over = true
    this.#start(null)
    for (const resolve of this.#waiting.values()) resolve(null)
    this.#waiting.clear()
  }
}
