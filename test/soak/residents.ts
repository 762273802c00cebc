// The endpoints of a run: who is registered now, under which id, and who ever was.
import type { WebhookService } from '../../src/index.ts'
import type { Dice } from './dice.ts'
import type { EndpointFact } from './facts.ts'
import type { Ports } from './receivers/message.ts'
import { mostGenerations, pathOf, personOf, secretOf, type Person } from './population.ts'

export class Residents {
  /** Everyone who ever was registered. */
  readonly facts: EndpointFact[] = []
  readonly #service: WebhookService
  readonly #seed: number
  readonly #dice: Dice
  readonly #ports: Ports
  readonly #here: EndpointFact[] = []

  constructor(service: WebhookService, seed: number, dice: Dice, ports: Ports) {
    this.#service = service
    this.#seed = seed
    this.#dice = dice
    this.#ports = ports
  }

  get size(): number {
    return this.#here.length
  }

  /** The requests that all of them together may have in flight. */
  get concurrency(): number {
    return this.#here.reduce((sum, { number }) => sum + (this.#personOf(number).options.concurrency ?? 1), 0)
  }

  any(): EndpointFact | undefined {
    return this.#dice.anyOf(this.#here)
  }

  /** Whether it is sent large events. */
  isBulky({ number }: EndpointFact): boolean {
    return this.#personOf(number).server === 'deaf'
  }

  register(): void {
    const number = this.facts.length
    const person = this.#personOf(number)
    const secret = secretOf(this.#seed, number, 0)
    const endpointId = this.#service.registerEndpoint(this.#urlOf(person), secret, person.options)
    const first = { generation: 0, fromMs: Date.now(), untilMs: Infinity, replacedAtMs: Infinity }
    const { ordering = 'fifo' } = person.options
    const fact: EndpointFact = { endpointId, number, ordering, signing: [first] }
    this.facts.push(fact)
    this.#here.push(fact)
  }

  remove(fact: EndpointFact): void {
    this.#service.removeEndpoint(fact.endpointId)
    this.#here.splice(this.#here.indexOf(fact), 1)
  }

  /** To another of the receivers' servers; requests go to the same path. */
  move(fact: EndpointFact): void {
    this.#service.updateEndpoint(fact.endpointId, { url: this.#urlOf(this.#personOf(fact.number)) })
  }

  rotate(fact: EndpointFact): void {
    const { endpointId, number, signing } = fact
    const generation = signing.length
    if (generation === mostGenerations) return
    const overlapMs = this.#dice.whole(0, 3000)
    this.#service.rotateSecret(endpointId, secretOf(this.#seed, number, generation), { overlapMs })
    const nowMs = Date.now()
    const replaced = signing[generation - 1]!
    replaced.replacedAtMs = nowMs
    replaced.untilMs = nowMs + overlapMs
    // Two secrets at most: a second rotation within the overlap drops the oldest.
    for (const older of signing.slice(0, -1)) older.untilMs = Math.min(older.untilMs, nowMs)
    signing.push({ generation, fromMs: nowMs, untilMs: Infinity, replacedAtMs: Infinity })
  }

  resumeAll(): void {
    for (const { endpointId } of this.#here) this.#service.resumeEndpoint(endpointId)
  }

  #personOf(number: number): Person {
    return personOf(this.#seed, number)
  }

  #urlOf({ server, host, number }: Person): string {
    const port = this.#dice.anyOf(this.#ports[server]) ?? 0
    return `${server === 'secure' ? 'https' : 'http'}://${host}:${port}${pathOf(number)}`
  }
}
