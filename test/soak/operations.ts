// What people and programs do to a service in use, drawn at random, listeners that throw included.
import { HooklineError } from '../../src/index.ts'
import type { ErrorCode, WebhookService } from '../../src/index.ts'
import type { Dice } from './dice.ts'
import type { EndpointFact } from './facts.ts'
import { topics } from './population.ts'
import type { Recorder } from './recorder.ts'
import type { Residents } from './residents.ts'

export interface OperationPorts {
  readonly service: WebhookService
  readonly dice: Dice
  readonly residents: Residents
  readonly recorder: Recorder
  /** Told the id of each event that was taken on. */
  readonly submitted: (eventId: string) => void
}

/** How often, beside a submission. */
const weights = {
  publish: 3,
  pause: 3,
  resume: 14,
  move: 3,
  retune: 3,
  rotate: 2,
  comeAndGo: 2,
  redeliver: 6,
  redeliverDeadLetters: 2,
  read: 12,
  listen: 2,
}

/** An endpoint with more waiting than this is sent nothing new, or those that only fail would fill every limit. */
const mostOpen = 25
const recentIds = 500
/** More than the receive window of a connection nobody reads. */
const largeText = 'x'.repeat(150 * 1024)

/** What a call may say of something that has just gone, is switched off, or finds no room. */
const refusals: readonly ErrorCode[] = [
  'CAPACITY_REACHED',
  'ENDPOINT_DISABLED',
  'ENDPOINT_NOT_FOUND',
  'EVENT_NOT_FOUND',
]

export class Operations {
  /** Calls that were refused in a way their documentation does not give. */
  readonly surprises: string[] = []
  readonly counts: Record<string, number> = {}
  readonly #ports: OperationPorts
  /** Some ids, so that events long gone are asked for too. */
  readonly #recent: string[] = []
  #number = 0

  constructor(ports: OperationPorts) {
    this.#ports = ports
  }

  submit(): void {
    this.#attempt('submit', () => {
      const { dice, residents, recorder } = this.#ports
      const endpoint = residents.any()
      if (endpoint === undefined || recorder.openOf(endpoint.endpointId) >= mostOpen) return
      this.#submitTo(
        endpoint,
        residents.isBulky(endpoint) && dice.chance(0.15) ? largeText : 'x'.repeat(dice.whole(0, 300)),
      )
    })
  }

  /** Anything but a plain submission. */
  doSomething(): void {
    const { dice, residents } = this.#ports
    const name = dice.weighted(weights)
    const endpoint = residents.any()
    if (endpoint !== undefined) this.#attempt(name, () => this.#carryOut(name, endpoint))
  }

  #carryOut(name: keyof typeof weights, endpoint: EndpointFact): void {
    const { service, dice, residents } = this.#ports
    const { endpointId } = endpoint
    switch (name) {
      case 'publish':
        return this.#publish()
      case 'pause':
        return service.pauseEndpoint(endpointId)
      case 'resume':
        return service.resumeEndpoint(endpointId)
      case 'move':
        return residents.move(endpoint)
      case 'retune':
        service.updateEndpoint(endpointId, { timeoutMs: dice.whole(300, 1500), description: `at ${this.#number}` })
        return
      case 'rotate':
        return residents.rotate(endpoint)
      case 'comeAndGo':
        residents.remove(endpoint)
        return residents.register()
      case 'redeliver':
        return service.redeliver(this.#anyEvent())
      case 'redeliverDeadLetters':
        service.redeliverDeadLetters(endpointId)
        return
      case 'read':
        return this.#read(endpointId)
      case 'listen':
        return this.#listen()
    }
  }

  #submitTo({ endpointId }: EndpointFact, text: string): void {
    const { service, dice } = this.#ports
    const idempotencyKey = dice.chance(0.01) ? `once-${this.#number}` : undefined
    const options = { orderingKey: `key-${dice.whole(1, 4)}`, idempotencyKey }
    const submit = (): string => service.submitEvent(endpointId, 'order.paid', { number: this.#number, text }, options)
    const eventId = submit()
    this.#took(eventId)
    if (idempotencyKey !== undefined && submit() !== eventId) this.surprises.push('an idempotency key made two events')
    this.#number += 1
  }

  #publish(): void {
    const { service, dice } = this.#ports
    const type = `${dice.anyOf(topics) ?? ''}.happened`
    for (const eventId of service.publishEvent(type, { number: this.#number })) this.#took(eventId)
  }

  #read(endpointId: string): void {
    const { service } = this.#ports
    service.getDeadLetterEvents(endpointId)
    service.listEndpoints()
    service.getEndpoint(endpointId)
    const eventId = this.#anyEvent()
    service.explain(eventId)
    service.getEvent(eventId)
  }

  /** For a while someone listens whose own code is broken. */
  #listen(): void {
    const { service, dice } = this.#ports
    const fail = (): never => {
      throw new Error('a listener of the soak fails on purpose')
    }
    const failLater = (): unknown => Promise.reject(new Error('a promise of the soak fails on purpose'))
    const stops = [service.on('settled', fail), service.on('attemptFailed', failLater), service.log.subscribe(fail)]
    setTimeout(
      () => {
        for (const stop of stops) stop()
      },
      dice.between(10, 500),
    )
  }

  #anyEvent(): string {
    return this.#ports.dice.anyOf(this.#recent) ?? 'evt_none'
  }

  #took(eventId: string): void {
    this.#ports.submitted(eventId)
    const { dice } = this.#ports
    if (this.#recent.length < recentIds) this.#recent.push(eventId)
    else this.#recent[dice.whole(0, recentIds - 1)] = eventId
  }

  #attempt(name: string, operation: () => void): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1
    try {
      operation()
    } catch (error) {
      if (error instanceof HooklineError && refusals.includes(error.code)) return
      this.surprises.push(`${name} threw ${String(error)}`)
    }
  }
}
