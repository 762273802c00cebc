// What the controller and the service's process say to each other. An order that asks for something has a number, and is
// answered once: only after all that it changed is durable.
import type { EndpointPatch, EndpointOptions, EventStatus } from '../../../src/index.ts'
import type { DriverName } from '../../../src/sqlite/driver/database.ts'
import type { KillPoint } from '../kill-point.ts'
import type { Mutant } from '../mutant.ts'

/** What a life is given when its process starts. */
export interface LifeOrder {
  readonly path: string
  /** The driver; null: hookline's own choice. */
  readonly driver: DriverName | null
  readonly killAt: KillPoint | null
  readonly mutant: Mutant | null
  /** Whether retention keeps all that was settled; else it soon removes some. */
  readonly keepsAll: boolean
  /** Which key seals endpoints in this life; what the others sealed is sealed anew. Null: none does. */
  readonly sealedBy: number | null
}

export interface Submission {
  readonly endpointId: string
  readonly eventType: string
  readonly payload: unknown
  readonly orderingKey: string | null
  readonly idempotencyKey: string | null
}

/** What a person does to an endpoint or an event. */
export type Deed =
  | {
      readonly type: 'register'
      readonly endpointId: string
      readonly url: string
      readonly secret: string
      readonly options: EndpointOptions
    }
  | { readonly type: 'update'; readonly endpointId: string; readonly patch: EndpointPatch }
  | { readonly type: 'rotate'; readonly endpointId: string; readonly secret: string }
  | { readonly type: 'pause' | 'resume'; readonly endpointId: string }
  | { readonly type: 'redeliver'; readonly eventId: string }

export type ServiceOrder =
  | { readonly type: 'submit'; readonly call: number; readonly submissions: readonly Submission[] }
  | { readonly type: 'do'; readonly call: number; readonly deed: Deed }
  | { readonly type: 'drain' | 'statuses' | 'shutdown'; readonly call: number }
  /** Keeps the home from growing, as on a full disk, or lets it grow again. */
  | { readonly type: 'capPages'; readonly call: number; readonly capped: boolean }

export interface ShownEndpoint {
  readonly endpointId: string
  readonly description: string | null
  readonly state: string
}

/** The state of a service, as its own calls tell it. */
export interface Statuses {
  readonly events: Readonly<Record<string, EventStatus>>
  readonly endpoints: Readonly<Record<string, string>>
}

export type ServiceReply =
  /** `eventIds`: of the submissions, in their order. */
  | { readonly type: 'done'; readonly call: number; readonly eventIds: readonly string[] }
  | { readonly type: 'statuses'; readonly call: number; readonly statuses: Statuses }
  | {
      readonly type: 'refused'
      readonly call: number
      /** Whether the call was refused, which has changed nothing, or what it did could not be made durable. */
      readonly by: 'call' | 'flush'
      readonly code: string
      readonly reason: string | null
      readonly message: string
    }

export type ServiceNotice =
  | {
      readonly type: 'ready'
      /** What opening the file and making the service took. */
      readonly openingMs: number
      readonly endpoints: readonly ShownEndpoint[]
    }
  /** The file could not be opened. */
  | { readonly type: 'notOpened'; readonly code: string; readonly reason: string | null; readonly message: string }
  /** What subscribers of the log were told, as its JSONL export has it. */
  | { readonly type: 'records'; readonly lines: readonly string[] }
  | { readonly type: 'condition'; readonly condition: string }
  | { readonly type: 'quarantined'; readonly eventId: string }
