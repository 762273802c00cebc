// Who the endpoints are: what number n registers, how it behaves and how it signs, the same in the service's process and
// in that of the receivers.
import { createHash } from 'node:crypto'
import type { EndpointOptions } from '../../src/index.ts'
import { Dice } from './dice.ts'
import type { ServerKind, Temperament } from './faults.ts'

export interface Person {
  readonly number: number
  readonly temperament: Temperament
  /** Where it is; those at a deaf one are sent large events. */
  readonly server: ServerKind
  /** A name that the injected resolver knows, or an address. */
  readonly host: string
  readonly options: EndpointOptions
}

/** A header of its own on every request of an endpoint, so that one with another's is seen. */
export const ownHeader = 'X-Soak-Endpoint'
/** How many secrets an endpoint may have, one after the other. */
export const mostGenerations = 3
/** What published events are called; each endpoint takes one kind. */
export const topics = Array.from({ length: 20 }, (_, index) => `topic${index}`)

export function pathOf(number: number): string {
  return `/endpoint/${number}`
}

/** @returns null for a path that is no endpoint's */
export function numberOf(path: string): number | null {
  const [, digits] = /^\/endpoint\/(\d+)$/.exec(path) ?? []
  return digits === undefined ? null : Number(digits)
}

export function personOf(seed: number, number: number): Person {
  const dice = new Dice(seed, 'person', number)
  const temperament = dice.weighted({ calm: 60, moody: 30, hostile: 10 })
  const server = dice.weighted({ plain: 60, secure: 35, deaf: 5 })
  const host = dice.chance(0.25) ? '127.0.0.1' : `endpoint-${number}.soak.test`
  return { number, temperament, server, host, options: drawOptions(dice, number) }
}

/** A secret of an endpoint: its first (generation 0), or one it was rotated to. */
export function secretOf(seed: number, number: number, generation: number): string {
  const form = new Dice(seed, 'secret form', number).weighted({ text: 4, whsec_: 4, whsk_: 1 })
  const bytes = createHash('sha256').update(`${seed} secret ${number} ${generation}`).digest()
  return form === 'text' ? bytes.toString('hex') : form + bytes.toString('base64')
}

function drawOptions(dice: Dice, number: number): EndpointOptions {
  const ordering = dice.weighted({ fifo: 60, key: 25, none: 15 })
  return {
    eventTypes: [`${dice.anyOf(topics) ?? ''}.*`],
    ordering,
    concurrency: ordering === 'fifo' ? 1 : dice.whole(1, 6),
    timeoutMs: dice.whole(300, 1500),
    headers: { [ownHeader]: String(number) },
    whenExhausted: dice.chance(0.2) ? 'halt' : 'park',
    body: dice.chance(0.2) ? 'envelope' : 'payload',
    signing: { sequence: dice.chance(0.3) },
    breaker: dice.chance(0.4) ? { failures: dice.whole(2, 6), cooldownMs: dice.whole(100, 1000) } : null,
    rateLimit: dice.chance(0.25) ? { perSecond: dice.whole(10, 40), burst: dice.whole(1, 5) } : null,
    autoDisable: dice.chance(0.2) ? { afterMs: dice.whole(2000, 6000) } : null,
  }
}
