import { setTimeout as wait } from 'node:timers/promises'
import { AskedProcess } from './asked-process.ts'
import type { Programs } from './build-programs.ts'
import { machineMs } from './machine-ms.ts'
import type { Arrival, ReceiverOrder, ReceiverReply } from './receiver/message.ts'
import { judgeCalmLoad, judgeLoad, type Seen, type Violations } from './rules.ts'
import { Served, type Figures } from './served.ts'
import type { LoadOrder, Submission, SubmitterOrder, SubmitterReply } from './submitter/message.ts'

export interface LoadFlags {
  readonly seconds: number
  readonly 'per-second': number
  readonly kills: number
}

export interface CalmLoad extends Seen {
  readonly startMs: number
  readonly before: Figures
  /** When the last event had arrived. */
  readonly after: Figures
  readonly peakBytes: number
  readonly violations: Violations
}

export interface KilledLoad extends Seen {
  readonly kills: number
  /** How long each start took. */
  readonly startsMs: readonly number[]
  readonly violations: Violations
}

const endpoints = 100
/** Before anything is measured: code is compiled, connections are opened. */
const warmUpSeconds = 3
const drainMs = 60_000
/** How long a server lives before it is killed. */
const [shortestLifeMs, longestLifeMs] = [200, 1500]
const watchEveryMs = 2000

/** A server, its receiver and its submitter, each in a process of its own. */
export class LoadRig {
  readonly #flags: LoadFlags
  readonly #served: Served
  readonly #receiver: AskedProcess<ReceiverOrder, ReceiverReply>
  readonly #submitter: AskedProcess<SubmitterOrder, SubmitterReply>
  #endpointIds: readonly string[] = []
  #next = 0
  #startMs = 0

  static async start(flags: LoadFlags, programs: Programs, folder: string): Promise<LoadRig> {
    const rig = new LoadRig(flags, programs, await Served.make(programs.cli, folder))
    await rig.#start()
    return rig
  }

  private constructor(flags: LoadFlags, programs: Programs, served: Served) {
    this.#flags = flags
    this.#served = served
    this.#receiver = new AskedProcess(programs.receiver)
    this.#submitter = new AskedProcess(programs.submitter)
  }

  /** The load, with nothing in its way. */
  async calm(): Promise<CalmLoad> {
    await this.#submit(warmUpSeconds)
    await this.#drain(warmUpSeconds * this.#flags['per-second'])
    await this.#arrivals()
    const before = await this.#served.figures()
    let peakBytes = before.residentBytes
    const watch = setInterval(() => {
      void this.#served.figures().then(({ residentBytes }) => (peakBytes = Math.max(peakBytes, residentBytes)))
    }, watchEveryMs)
    const submissions = await this.#submit(this.#flags.seconds)
    await this.#drain(submissions.length)
    clearInterval(watch)
    const after = await this.#served.figures()
    const seen = { submissions, arrivals: await this.#arrivals() }
    const violations = { ...judgeLoad(seen), ...judgeCalmLoad(seen) }
    return { ...seen, startMs: this.#startMs, before, after, peakBytes, violations }
  }

  /** The same load, while the server is killed again and again. */
  async killed(): Promise<KilledLoad> {
    const startsMs: number[] = []
    const submitted = this.#submit(null)
    for (let kill = 0; kill < this.#flags.kills; kill++) {
      await wait(shortestLifeMs + Math.random() * (longestLifeMs - shortestLifeMs))
      await this.#served.end('SIGKILL')
      startsMs.push(await this.#served.start())
    }
    this.#submitter.tell({ type: 'stop' })
    const submissions = await submitted
    await this.#drain(submissions.length)
    const seen = { submissions, arrivals: await this.#arrivals() }
    return { ...seen, kills: startsMs.length, startsMs, violations: judgeLoad(seen) }
  }

  async stop(): Promise<void> {
    await this.#served.end('SIGTERM')
    this.#submitter.stop()
    this.#receiver.stop()
  }

  async #start(): Promise<void> {
    const listening = await this.#receiver.reply()
    if (listening.type !== 'listening') throw new Error(`the receiver said ${listening.type} first`)
    this.#startMs = await this.#served.start()
    this.#endpointIds = await this.#served.addEndpoints(listening.port, endpoints)
  }

  async #submit(seconds: number | null): Promise<readonly Submission[]> {
    const { url, key } = this.#served
    const perSecond = this.#flags['per-second']
    const load: LoadOrder = {
      type: 'submit',
      url,
      key,
      endpointIds: this.#endpointIds,
      from: this.#next,
      perSecond,
      seconds,
    }
    const { submissions } = await this.#submitter.ask(load)
    this.#next += submissions.length
    return submissions
  }

  /** Until as many events have arrived. What has not after a minute is missing. */
  async #drain(events: number): Promise<void> {
    const end = machineMs() + drainMs
    while (machineMs() < end) {
      const reply = await this.#receiver.ask({ type: 'count' })
      if (reply.type === 'counted' && reply.events >= events) return
      await wait(20)
    }
  }

  async #arrivals(): Promise<readonly Arrival[]> {
    const reply = await this.#receiver.ask({ type: 'take' })
    if (reply.type !== 'taken') throw new Error(`the receiver answered ${reply.type}`)
    return reply.arrivals
  }
}
