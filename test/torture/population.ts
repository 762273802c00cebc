// Who the endpoints are: the same in the service's process, in the receivers' and in the controller.
import { createHash } from 'node:crypto'
import type { EndpointOptions } from '../../src/index.ts'
import type { Dice } from '../soak/dice.ts'
import type { RequestFault } from '../soak/faults.ts'

export interface Person {
  readonly ordering: NonNullable<EndpointOptions['ordering']>
  /** How often a request ends in a fault. */
  readonly faulty: number
  /** How much of the submissions it gets. */
  readonly weight: number
  readonly options: EndpointOptions
}

/** The number of the settings that an endpoint has, on every request of it. */
export const versionHeader = 'X-Torture-Version'

/** The slowest answer must come in time: then nothing but a kill, a reset or a hang leaves an end unknown. */
const timeoutMs = 700
const retry = { maxAttempts: 4, initialDelayMs: 20, maxDelayMs: 300 } as const
const twice = { ...retry, maxAttempts: 2 } as const

function person(
  ordering: Person['ordering'],
  faulty: number,
  { weight = 4, ...options }: EndpointOptions & { readonly weight?: number } = {},
): Person {
  return { ordering, faulty, weight, options: { ordering, timeoutMs, retry, ...options } }
}

export const population: readonly Person[] = [
  person('fifo', 0, { weight: 12 }),
  person('fifo', 0.02, { weight: 8 }),
  person('fifo', 0.1),
  person('fifo', 0.4),
  person('fifo', 0.9, { weight: 2, retry: twice }),
  person('fifo', 0.15, { whenExhausted: 'halt', retry: twice }),
  person('key', 0.02, { weight: 8, concurrency: 4 }),
  person('key', 0.3, { concurrency: 2 }),
  person('key', 0.3, { concurrency: 3, whenExhausted: 'halt', retry: twice }),
  person('none', 0.02, { weight: 8, concurrency: 6 }),
  person('none', 0.4, { concurrency: 3, breaker: { failures: 3, cooldownMs: 100 } }),
  person('fifo', 0.05, { rateLimit: { perSecond: 60, burst: 5 } }),
]

const faults: Partial<Record<RequestFault, number>> = {
  slow: 20,
  hang: 3,
  reset: 12,
  fin: 6,
  status500: 25,
  status503: 5,
  status404: 4,
}

export function drawFault(dice: Dice, number: number): RequestFault {
  return dice.chance(population[number]?.faulty ?? 0) ? dice.weighted(faults) : 'none'
}

export function endpointIdOf(number: number): string {
  return `ep_torture_${number}`
}

export function pathOf(number: number): string {
  return `/endpoint/${number}`
}

/** @returns null for a path that is no endpoint's */
export function numberOf(path: string): number | null {
  const [, digits] = /^\/endpoint\/(\d+)$/.exec(path) ?? []
  return digits === undefined ? null : Number(digits)
}

/** A secret of an endpoint: its first (generation 0), or one it was rotated to. */
export function secretOf(seed: number, number: number, generation: number): string {
  const bytes = createHash('sha256').update(`${seed} torture secret ${number} ${generation}`).digest()
  return `whsec_${bytes.toString('base64')}`
}

/** The settings of an endpoint that change, in the version `version`. */
export function versioned(version: number): Pick<EndpointOptions, 'headers' | 'description'> {
  return { headers: { [versionHeader]: String(version) }, description: `version ${version}` }
}
