// Whether one endpoint's events go out: to an endpoint in use, to one that has only failed of late, or not at all.
// Holds no clock: the core measures how long failures last, and reports when they have lasted too long.
import { setup } from 'xstate'

export type EndpointStatus = 'active' | 'failing' | 'warned' | 'paused' | 'disabled' | 'removed'

/** Why an endpoint was disabled: it answered 410, or nothing but failures came of it for too long. */
export type DisableReason = 'gone' | 'failing'

export interface EndpointContext {
  /** When the first of the failures happened that were followed by nothing else; null when there are none. */
  readonly failingSince: string | null
  /** From when on a failure disables the endpoint; null unless warned. */
  readonly disableAt: string | null
  readonly disableReason: DisableReason | null
}

/** Times are ISO 8601 strings. */
export type EndpointEvent =
  /** An attempt failed, the first since one succeeded. */
  | { readonly type: 'failures.began'; readonly at: string }
  /** An attempt failed, and failures have lasted so long that whoever looks after the endpoint should know. */
  | {
      readonly type: 'failures.lasted'
      readonly at: string
      readonly failingSince: string
      readonly disableAt: string
    }
  /** An attempt succeeded, or the failures count no more: the endpoint was changed. */
  | { readonly type: 'failures.ended'; readonly at: string }
  | {
      readonly type: 'endpoint.disabled'
      readonly at: string
      readonly reason: DisableReason
      readonly failingSince: string | null
    }
  | { readonly type: 'endpoint.paused'; readonly at: string }
  | { readonly type: 'endpoint.resumed'; readonly at: string }
  | { readonly type: 'endpoint.removed'; readonly at: string }

const endpoint = setup({
  types: { context: {} as EndpointContext, events: {} as EndpointEvent },
})

const healthy: EndpointContext = { failingSince: null, disableAt: null, disableReason: null }

// Each event says all there is to know, so that the context follows from the last one alone.
const forget = endpoint.assign(healthy)
const noteFailures = endpoint.assign(({ event }) => ({
  failingSince: event.type === 'failures.lasted' ? event.failingSince : event.at,
  disableAt: event.type === 'failures.lasted' ? event.disableAt : null,
}))
const noteReason = endpoint.assign(({ event }) => ({
  failingSince: event.type === 'endpoint.disabled' ? event.failingSince : null,
  disableAt: null,
  disableReason: event.type === 'endpoint.disabled' ? event.reason : null,
}))

const inUse = endpoint.createStateConfig({
  on: {
    'endpoint.paused': { target: 'paused', actions: forget },
    'endpoint.disabled': { target: 'disabled', actions: noteReason },
    'endpoint.removed': { target: 'removed', actions: forget },
  },
}).on

export const endpointMachine = endpoint.createMachine({
  id: 'endpoint',
  version: '1',
  context: healthy,
  initial: 'active',
  states: {
    active: {
      on: { ...inUse, 'failures.began': { target: 'failing', actions: noteFailures } },
    },
    failing: {
      on: {
        ...inUse,
        'failures.lasted': { target: 'warned', actions: noteFailures },
        'failures.ended': { target: 'active', actions: forget },
      },
    },
    warned: {
      on: { ...inUse, 'failures.ended': { target: 'active', actions: forget } },
    },
    paused: {
      on: {
        'endpoint.resumed': { target: 'active' },
        'endpoint.disabled': { target: 'disabled', actions: noteReason },
        'endpoint.removed': { target: 'removed' },
      },
    },
    disabled: {
      on: {
        'endpoint.resumed': { target: 'active', actions: forget },
        'endpoint.removed': { target: 'removed', actions: forget },
      },
    },
    removed: {},
  },
})

const failures = ['failures.began', 'failures.lasted', 'failures.ended'] as const

/** What each state takes no notice of, on purpose. Every other (state, event) pair is handled. */
export const endpointIgnores: Readonly<Record<EndpointStatus, readonly EndpointEvent['type'][]>> = {
  active: ['failures.lasted', 'failures.ended', 'endpoint.resumed'],
  failing: ['failures.began', 'endpoint.resumed'],
  warned: ['failures.began', 'failures.lasted', 'endpoint.resumed'],
  paused: [...failures, 'endpoint.paused'],
  disabled: [...failures, 'endpoint.paused', 'endpoint.disabled'],
  removed: [...failures, 'endpoint.disabled', 'endpoint.paused', 'endpoint.resumed', 'endpoint.removed'],
}
