import type { ContestantSettings } from '../contestants/contestant.ts'
import type { Cost } from '../contestants/order.ts'
import type { Flags } from '../flags.ts'
import type { Programs } from '../measure/build-programs.ts'
import type { ChildProcesses } from '../measure/child-processes.ts'
import type { Plan } from '../plan.ts'
import type { Receiver } from '../receivers/receiver.ts'
import type { Table } from '../report/table.ts'
import type { Wanted } from '../report/wanted.ts'

/** What every chapter works with. */
export interface Surroundings {
  readonly processes: ChildProcesses
  readonly programs: Programs
  readonly flags: Flags
  readonly plan: Plan
  /** The receiver of the contestant. Two with very many sockets have one each. */
  readonly receiver: Receiver
  readonly otherReceiver: Receiver
  readonly redisPort: number | null
  /** Says what is being done now. */
  readonly progress: (line: string) => void
}

/** What a chapter found. */
export interface Findings {
  readonly title: string
  readonly table: Table
  readonly notes: readonly string[]
  readonly wanted: readonly Wanted[]
  /** Every figure, for the JSON file. */
  readonly data: unknown
}

/** As many as one endpoint each may have in flight, in every chapter. */
export const connections = 50
/** How many events the application keeps submitted and undelivered, where a chapter says nothing else. */
export const window = 4_000

export function settingsFor(
  { receiver, redisPort }: Pick<Surroundings, 'receiver' | 'redisPort'>,
  contestant: ContestantSettings['contestant'],
): ContestantSettings {
  return {
    contestant,
    receiverOrigin: receiver.origin,
    redisPort,
    endpoints: connections,
    connections,
    window,
    idleConnections: null,
    logFile: null,
    hanging: null,
  }
}

export function cpuPerDelivery({ cpuMicros, deliveries }: Cost): number {
  return cpuMicros / deliveries
}

export function deliveriesPerSecond({ deliveries, elapsedMs }: Cost): number {
  return (deliveries / elapsedMs) * 1000
}
