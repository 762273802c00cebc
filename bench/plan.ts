import type { Compared, Pace } from './flags.ts'

/** How much is done in each chapter. */
export interface Plan {
  readonly compare: {
    readonly rounds: number
    /** Deliveries of each contestant in one round: about as much time for each. */
    readonly deliveries: Readonly<Record<Compared, number>>
    readonly warmUp: number
  }
  readonly guard: { readonly rounds: number; readonly deliveries: number; readonly warmUp: number }
  readonly endpoints: { readonly sizes: readonly number[]; readonly rounds: number; readonly deliveries: number }
  readonly pending: { readonly sizes: readonly number[]; readonly rounds: number; readonly deliveries: number }
  readonly fairness: { readonly rounds: number; readonly deliveries: number; readonly perSecond: number }
  readonly memory: { readonly deliveries: number; readonly every: number }
  readonly replay: { readonly records: number; readonly rounds: number }
  readonly durable: {
    readonly rounds: number
    /** Deliveries in one round: of hookline to many endpoints, to one, and of BullMQ. */
    readonly deliveries: { readonly many: number; readonly one: number; readonly bullmq: number }
    /** Many endpoints; one has a tenth of it. */
    readonly paced: { readonly count: number; readonly perSecond: number }
  }
  readonly restart: { readonly settled: number; readonly pending: number; readonly manyPending: number }
}

const compareDeliveries = { hookline: 60_000, undici: 120_000, 'bullmq-undici': 20_000, 'bullmq-axios': 10_000 }
const endpointSizes = [10, 100, 1_000, 10_000]
const pendingSizes = [1_000, 10_000, 100_000, 1_000_000]

export const plans: Readonly<Record<Pace, Plan>> = {
  short: {
    compare: {
      rounds: 3,
      deliveries: { hookline: 15_000, undici: 30_000, 'bullmq-undici': 5_000, 'bullmq-axios': 2_500 },
      warmUp: 5_000,
    },
    guard: { rounds: 8, deliveries: 4_000, warmUp: 10_000 },
    endpoints: { sizes: [10, 1_000], rounds: 3, deliveries: 6_000 },
    pending: { sizes: [1_000, 100_000], rounds: 3, deliveries: 8_000 },
    fairness: { rounds: 5, deliveries: 1_000, perSecond: 1_000 },
    memory: { deliveries: 50_000, every: 2_500 },
    replay: { records: 100_000, rounds: 1 },
    durable: {
      rounds: 2,
      deliveries: { many: 4_000, one: 300, bullmq: 1_500 },
      paced: { count: 300, perSecond: 300 },
    },
    restart: { settled: 100_000, pending: 100_000, manyPending: 100_000 },
  },
  default: {
    compare: { rounds: 5, deliveries: compareDeliveries, warmUp: 20_000 },
    guard: { rounds: 16, deliveries: 10_000, warmUp: 20_000 },
    endpoints: { sizes: endpointSizes, rounds: 3, deliveries: 20_000 },
    pending: { sizes: pendingSizes, rounds: 3, deliveries: 20_000 },
    fairness: { rounds: 21, deliveries: 1_000, perSecond: 1_000 },
    memory: { deliveries: 200_000, every: 10_000 },
    replay: { records: 1_000_000, rounds: 3 },
    durable: {
      rounds: 5,
      deliveries: { many: 25_000, one: 3_000, bullmq: 8_000 },
      paced: { count: 2_000, perSecond: 300 },
    },
    restart: { settled: 1_000_000, pending: 100_000, manyPending: 1_000_000 },
  },
  full: {
    compare: { rounds: 9, deliveries: compareDeliveries, warmUp: 20_000 },
    guard: { rounds: 30, deliveries: 20_000, warmUp: 20_000 },
    endpoints: { sizes: endpointSizes, rounds: 5, deliveries: 40_000 },
    pending: { sizes: pendingSizes, rounds: 5, deliveries: 40_000 },
    fairness: { rounds: 41, deliveries: 1_000, perSecond: 1_000 },
    memory: { deliveries: 1_000_000, every: 20_000 },
    replay: { records: 1_000_000, rounds: 5 },
    durable: {
      rounds: 9,
      deliveries: { many: 50_000, one: 5_000, bullmq: 10_000 },
      paced: { count: 5_000, perSecond: 300 },
    },
    restart: { settled: 1_000_000, pending: 100_000, manyPending: 1_000_000 },
  },
}
