// What the controller asks of a living service: submissions, deeds of people, and again what it was not told of before.
import { setTimeout as wait } from 'node:timers/promises'
import type { Dice } from '../soak/dice.ts'
import type { Archive } from './archive.ts'
import type { Ledger, LedgerSubmission, NewSubmission } from './ledger.ts'
import { endpointIdOf, pathOf, population, secretOf, versioned } from './population.ts'
import type { ShownEndpoint } from './service/message.ts'
import type { ServiceProcess } from './service-process.ts'

export interface LoadPorts {
  readonly seed: number
  readonly dice: Dice
  readonly ledger: Ledger
  readonly archive: Archive
  /** Where the receivers listen. */
  readonly port: number
}

const stepMs = 4
/** Calls that have no answer yet. */
const mostOutstanding = 40
/** An endpoint with more waiting is sent nothing new. */
const mostUnsettled = 40

const weights = Object.fromEntries(population.map(({ weight }, number) => [number, weight]))
const deeds = { update: 4, rotate: 2, pause: 3, resume: 7, redeliver: 6 }

export class Load {
  readonly #ports: LoadPorts
  #outstanding = 0

  constructor(ports: LoadPorts) {
    this.#ports = ports
  }

  /** After a start: registers who is missing, checks who came back, and asks again for what nobody knows of. */
  async takeUp(service: ServiceProcess, shown: readonly ShownEndpoint[]): Promise<void> {
    await Promise.all(population.map((_, number) => this.#takeUpEndpoint(service, number, shown)))
    const { ledger, dice } = this.#ports
    // Those with an idempotency key, so that one that was stored after all is not stored twice; and some known ones.
    // Of known ones the latest: with an event that retention has removed, its key is gone.
    const again = ledger.submissions.slice(-500).filter(({ fate, idempotencyKey, number }) => {
      const isLate = ledger.submissions.length - number <= 50
      return idempotencyKey !== null && (fate === 'unknown' || (isLate && dice.chance(0.1)))
    })
    const single = again.filter(({ batch }) => batch === null)
    const batches = new Map(again.flatMap(({ batch }) => (batch === null ? [] : [[batch, ledger.batch(batch)]])))
    await Promise.all([...single.map((one) => [one]), ...batches.values()].map((all) => this.#submit(service, all)))
  }

  /** Until `untilMs` (as `performance.now()` has it), or the service's end. */
  async run(service: ServiceProcess, untilMs: number): Promise<void> {
    const { dice } = this.#ports
    while (!service.over && performance.now() < untilMs) {
      for (let calls = dice.whole(0, 4); calls > 0 && this.#outstanding < mostOutstanding; calls--) {
        if (dice.chance(0.9)) this.#submitSomething(service)
        else this.#doSomething(service)
      }
      await wait(stepMs)
    }
  }

  /** Resumes everyone, so that all can be delivered. */
  async resumeAll(service: ServiceProcess): Promise<void> {
    await Promise.all(population.map((_, number) => this.#setPaused(service, number, false)))
  }

  async pauseAll(service: ServiceProcess): Promise<void> {
    await Promise.all(population.map((_, number) => this.#setPaused(service, number, true)))
  }

  /** Sends everyone's events to the receivers of this load. */
  async moveAll(service: ServiceProcess): Promise<void> {
    const { port } = this.#ports
    await Promise.all(
      population.map((_, number) => {
        const patch = { url: urlOf(port, number) }
        return service.ask({ type: 'do', deed: { type: 'update', endpointId: endpointIdOf(number), patch } })
      }),
    )
  }

  /** A few for each endpoint. */
  async submitToAll(service: ServiceProcess): Promise<void> {
    const { ledger } = this.#ports
    const submissions = population.flatMap((_, endpoint) =>
      Array.from({ length: 5 }, () => ledger.submission({ ...this.#draw(endpoint), batch: null })),
    )
    await Promise.all(submissions.map((submission) => this.#submit(service, [submission])))
  }

  async #takeUpEndpoint(service: ServiceProcess, number: number, shown: readonly ShownEndpoint[]): Promise<void> {
    const { ledger } = this.#ports
    const endpointId = endpointIdOf(number)
    const found = shown.find((endpoint) => endpoint.endpointId === endpointId)
    const [known] = ledger.standing(number, 'version')
    if (found !== undefined) {
      ledger.cameBack(number, 'version', Number(found.description?.replace('version ', '')))
      ledger.cameBack(number, 'paused', Number(found.state === 'paused'))
    } else if (known !== undefined && known.acknowledgedAtMs !== Infinity) {
      ledger.surprises.push(`endpoint ${number} was registered, and did not come back`)
    } else {
      await this.#register(service, number)
    }
  }

  async #register(service: ServiceProcess, number: number): Promise<void> {
    const { seed, ledger, port } = this.#ports
    const asked = (['version', 'generation', 'paused'] as const).map((kind) =>
      ledger.deed({ endpoint: number, kind, value: 0 }),
    )
    const reply = await service.ask({
      type: 'do',
      deed: {
        type: 'register',
        endpointId: endpointIdOf(number),
        url: urlOf(port, number),
        secret: secretOf(seed, number, 0),
        options: { ...population[number]?.options, ...versioned(0) },
      },
    })
    for (const deed of asked) ledger.deedAnswered(deed, reply)
  }

  #submitSomething(service: ServiceProcess): void {
    const { dice, ledger } = this.#ports
    const isBatch = dice.chance(0.1)
    const batch = isBatch ? ledger.submissions.length : null
    const submissions = Array.from({ length: isBatch ? dice.whole(2, 6) : 1 }, () => this.#drawSubmission(batch))
    const taken = submissions.flatMap((submission) => (submission === null ? [] : [ledger.submission(submission)]))
    if (taken.length > 0) void this.#submit(service, taken)
  }

  /** Null when the endpoint it fell to has enough waiting. */
  #drawSubmission(batch: number | null): NewSubmission | null {
    const { dice, archive } = this.#ports
    const endpoint = Number(dice.weighted(weights))
    return archive.unsettledOf(endpointIdOf(endpoint)) >= mostUnsettled ? null : { ...this.#draw(endpoint), batch }
  }

  #draw(endpoint: number): Omit<NewSubmission, 'batch'> {
    const { dice } = this.#ports
    return {
      endpoint,
      orderingKey: population[endpoint]?.ordering === 'key' ? `key-${dice.whole(1, 4)}` : null,
      hasIdempotencyKey: dice.chance(0.6),
      text: 'x'.repeat(dice.chance(0.02) ? dice.whole(5_000, 40_000) : dice.whole(0, 400)),
    }
  }

  async #submit(service: ServiceProcess, submissions: readonly LedgerSubmission[]): Promise<void> {
    for (const submission of submissions) submission.asked += 1
    const reply = await this.#counted(
      service.ask({
        type: 'submit',
        submissions: submissions.map(({ endpoint, body, orderingKey, idempotencyKey }) => ({
          endpointId: endpointIdOf(endpoint),
          eventType: 'torture.submitted',
          payload: JSON.parse(body) as unknown,
          orderingKey,
          idempotencyKey,
        })),
      }),
    )
    this.#ports.ledger.answered(submissions, reply)
  }

  #doSomething(service: ServiceProcess): void {
    const { dice } = this.#ports
    const number = dice.whole(0, population.length - 1)
    switch (dice.weighted(deeds)) {
      case 'update':
        return void this.#update(service, number)
      case 'rotate':
        return void this.#rotate(service, number)
      case 'pause':
        return void this.#setPaused(service, number, true)
      case 'resume':
        return void this.#setPaused(service, number, false)
      case 'redeliver':
        return void this.#redeliver(service)
    }
  }

  async #update(service: ServiceProcess, number: number): Promise<void> {
    const { ledger } = this.#ports
    const deed = ledger.deed({ endpoint: number, kind: 'version', value: this.#next(number, 'version') })
    const patch = versioned(deed.value)
    const order = { type: 'update', endpointId: endpointIdOf(number), patch } as const
    ledger.deedAnswered(deed, await this.#counted(service.ask({ type: 'do', deed: order })))
  }

  async #rotate(service: ServiceProcess, number: number): Promise<void> {
    const { seed, ledger } = this.#ports
    const deed = ledger.deed({ endpoint: number, kind: 'generation', value: this.#next(number, 'generation') })
    const secret = secretOf(seed, number, deed.value)
    const order = { type: 'rotate', endpointId: endpointIdOf(number), secret } as const
    ledger.deedAnswered(deed, await this.#counted(service.ask({ type: 'do', deed: order })))
  }

  async #setPaused(service: ServiceProcess, number: number, paused: boolean): Promise<void> {
    const { ledger } = this.#ports
    const deed = ledger.deed({ endpoint: number, kind: 'paused', value: Number(paused) })
    const order = { type: paused ? 'pause' : 'resume', endpointId: endpointIdOf(number) } as const
    ledger.deedAnswered(deed, await this.#counted(service.ask({ type: 'do', deed: order })))
  }

  async #redeliver(service: ServiceProcess): Promise<void> {
    const { dice, ledger, archive } = this.#ports
    const eventId = dice.anyOf(archive.deadLetters())
    if (eventId === undefined) return
    const order = { type: 'redeliver', eventId } as const
    ledger.redeliveryAnswered(eventId, await this.#counted(service.ask({ type: 'do', deed: order })))
  }

  #next(endpoint: number, kind: 'version' | 'generation'): number {
    const values = this.#ports.ledger.deeds
      .filter((deed) => deed.endpoint === endpoint && deed.kind === kind)
      .map(({ value }) => value)
    return Math.max(...values) + 1
  }

  async #counted<T>(asked: Promise<T>): Promise<T> {
    this.#outstanding += 1
    try {
      return await asked
    } finally {
      this.#outstanding -= 1
    }
  }
}

function urlOf(port: number, number: number): string {
  return `http://127.0.0.1:${port}${pathOf(number)}`
}
