import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Certificate } from '../../transport/hostile/certificate.ts'
import type { Ports, ReceiversOrder, ReceiversReply } from './message.ts'
import type { ReceivedAttempt } from './received-attempt.ts'

const program = fileURLToPath(new URL('program.ts', import.meta.url))

/** The receivers' process, as the soak sees it. In a process of their own, so that every socket in ours is hookline's. */
export class Receivers {
  readonly ports: Ports
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, ports: Ports) {
    this.#child = child
    this.ports = ports
  }

  static async start(seed: number, { key, cert }: Certificate): Promise<Receivers> {
    const child = fork(program, { execArgv: ['--import', 'tsx'] })
    const started = replyOf(child, 'started')
    const servers = { plain: 4, secure: 2, deaf: 1 }
    child.send({ type: 'start', seed, servers, key, cert } satisfies ReceiversOrder)
    return new Receivers(child, (await started).ports)
  }

  async heal(): Promise<void> {
    const healed = replyOf(this.#child, 'healed')
    this.#send({ type: 'heal' })
    await healed
  }

  /** Everything that arrived, in the order in which it did. */
  async history(): Promise<ReceivedAttempt[]> {
    const history: ReceivedAttempt[] = []
    const whole = new Promise<void>((resolve, reject) => {
      const take = (reply: ReceiversReply): void => {
        if (reply.type !== 'received') return
        history.push(...reply.attempts)
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

async function replyOf<Type extends ReceiversReply['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<ReceiversReply, { type: Type }>> {
  const [reply] = (await once(child, 'message')) as [ReceiversReply]
  if (reply.type !== type) throw new Error(`the receivers answered ${reply.type}, not ${type}`)
  // Just checked; the compiler does not narrow a union by a generic.
  return reply as Extract<ReceiversReply, { type: Type }>
}
