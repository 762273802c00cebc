import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Arrival } from './arrival.ts'
import type { ReceiversOrder, ReceiversReply } from './message.ts'

/** The receivers' process, as the controller sees it. */
export class Receivers {
  readonly port: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.port = port
  }

  static async start(program: string, seed: number): Promise<Receivers> {
    const child = fork(program)
    child.send({ type: 'start', seed } satisfies ReceiversOrder)
    const reply = await replyOf(child)
    if (reply.type !== 'started') throw new Error(`the receivers answered ${reply.type}, not started`)
    return new Receivers(child, reply.port)
  }

  async heal(): Promise<void> {
    this.#send({ type: 'heal' })
    await replyOf(this.#child)
  }

  /** Everything that arrived, in the order in which it did. */
  async history(): Promise<Arrival[]> {
    const history: Arrival[] = []
    const whole = new Promise<void>((resolve, reject) => {
      const take = (reply: ReceiversReply): void => {
        if (reply.type !== 'received') return
        history.push(...reply.arrivals)
        if (reply.more) return
        this.#child.off('message', take)
        resolve()
      }
      this.#child.on('message', take)
      this.#child.once('exit', () => reject(new Error('the receivers’ process has ended')))
    })
    this.#send({ type: 'tell' })
    await whole
    return history
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.disconnect()
    await exited
  }

  #send(order: ReceiversOrder): void {
    this.#child.send(order)
  }
}

async function replyOf(child: ChildProcess): Promise<ReceiversReply> {
  const [reply] = (await once(child, 'message')) as [ReceiversReply]
  return reply
}
