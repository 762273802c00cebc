import { fork, type ChildProcess } from 'node:child_process'

/** A process that takes orders and answers in their order. It ends with its parent. */
export class AskedProcess<Order extends object, Reply> {
  readonly #child: ChildProcess
  readonly #replies: Reply[] = []
  readonly #waiting: { readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void }[] = []

  constructor(program: string) {
    this.#child = fork(program, [], { serialization: 'advanced' })
    // Whoever forks a program knows what it says.
    this.#child.on('message', (reply: Reply) => {
      const first = this.#waiting.shift()
      if (first === undefined) this.#replies.push(reply)
      else first.resolve(reply)
    })
    this.#child.once('exit', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`${program} has ended`))
    })
  }

  tell(order: Order): void {
    this.#child.send(order)
  }

  /** The next thing it says. @throws Error when it ends instead */
  reply(): Promise<Reply> {
    const first = this.#replies.shift()
    if (first !== undefined) return Promise.resolve(first)
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  ask(order: Order): Promise<Reply> {
    this.tell(order)
    return this.reply()
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect()
  }
}
