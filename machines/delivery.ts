// One event's way to its endpoint. Says what may happen, and nothing else: no I/O, no clock, no chance. Whatever comes
// from outside arrives inside an event; what is to be done leaves as a named effect with params, inert until provided.
import { setup } from 'xstate'
import type { Failure } from '../src/attempt/failure.ts'

export type DeliveryStatus = 'pending' | 'delivering' | 'backoff' | 'delivered' | 'failed' | 'deadLettered'
export type SettledStatus = Extract<DeliveryStatus, 'delivered' | 'failed' | 'deadLettered'>

export interface DeliveryContext {
  /** Requests started so far. Never reset, so that an answer of an earlier round is always stale. */
  readonly attempts: number
  /** How many attempts this round of delivery may use; a redelivery opens a new round. */
  readonly budget: number
  /** What is left of the budget; at 0 a failed attempt makes the event a dead letter. */
  readonly left: number
  readonly lastError: string | null
  readonly deliveredAt: string | null
  /** When the next attempt is due, while in backoff. */
  readonly retryAt: string | null
  /** Whether its line waits for a person to decide on it. Only a dead letter holds its line. */
  readonly holdsLine: boolean
}

export interface DeliveryInput {
  /** How many attempts the event may use, the first included. */
  readonly budget: number
}

/** Times (`at`, `retryAt`) are ISO 8601 strings; durations are milliseconds. */
export type DeliveryEvent =
  | {
      readonly type: 'attempt.started'
      readonly attempt: number
      readonly at: string
      /** How long rate limits had held the attempt back although it was ready; absent when they had not. */
      readonly rateLimitedMs?: number
    }
  | {
      readonly type: 'attempt.succeeded'
      readonly attempt: number
      readonly at: string
      readonly status: number
      readonly durationMs: number
      readonly snippet: string | null
    }
  | {
      readonly type: 'attempt.failed'
      readonly attempt: number
      readonly at: string
      readonly failure: Failure
      readonly durationMs: number
      readonly snippet: string | null
      /** When to try again, if the budget allows it: already drawn and clamped. */
      readonly retryAt: string
      /** The budget is used up, and the event is to hold its line as a dead letter; absent when it is not. */
      readonly holdsLine?: true
    }
  | {
      readonly type: 'attempt.rejected'
      readonly attempt: number
      readonly at: string
      readonly failure: Failure
      readonly durationMs: number
      readonly snippet: string | null
    }
  | {
      readonly type: 'attempt.interrupted'
      readonly attempt: number
      readonly at: string
      readonly failure: Failure
      readonly durationMs: number
    }
  | { readonly type: 'redelivery.requested'; readonly at: string; readonly budget: number }
  /** A person lets its line go on without it. */
  | { readonly type: 'line.released'; readonly at: string }
  | { readonly type: 'event.abandoned'; readonly at: string; readonly failure: Failure }

/** What a delivery asks of its lane, by name and params. */
export interface DeliveryEffects {
  sendRequest: { attempt: number }
  startTimer: { retryAt: string }
  cancelTimer: undefined
  joinLine: undefined
  releaseLine: undefined
  settle: { as: SettledStatus }
}

const inert = (): void => undefined

const delivery = setup({
  types: {
    context: {} as DeliveryContext,
    events: {} as DeliveryEvent,
    input: {} as DeliveryInput,
    tags: {} as 'open' | 'settled',
  },
  actions: {
    sendRequest: inert as (_: unknown, params: DeliveryEffects['sendRequest']) => void,
    startTimer: inert as (_: unknown, params: DeliveryEffects['startTimer']) => void,
    settle: inert as (_: unknown, params: DeliveryEffects['settle']) => void,
    cancelTimer: inert,
    joinLine: inert,
    releaseLine: inert,
  },
  guards: {
    /** The attempt that starts is the one after the last: numbers are 1..n without gaps. */
    isNext: ({ context, event }) => event.type === 'attempt.started' && event.attempt === context.attempts + 1,
    /** The answer belongs to the attempt under way. Any other is stale and refused. */
    isCurrent: ({ context, event }) => 'attempt' in event && event.attempt === context.attempts,
    isCurrentWithBudget: ({ context, event }) =>
      'attempt' in event && event.attempt === context.attempts && context.left > 0,
    holdsLine: ({ context }) => context.holdsLine,
  },
})

const openAttempt = delivery.assign(({ context }) => ({
  attempts: context.attempts + 1,
  left: context.left - 1,
  retryAt: null,
}))

const noteError = delivery.assign(({ context, event }) => ({
  lastError: 'failure' in event ? event.failure.message : context.lastError,
  retryAt: null,
}))

const awaitRetry = delivery.assign(({ event }) => ({
  retryAt: event.type === 'attempt.failed' ? event.retryAt : null,
}))

const holdLine = delivery.assign(({ event }) => ({
  holdsLine: event.type === 'attempt.failed' && event.holdsLine === true,
}))

const letLineGo = delivery.assign({ holdsLine: false })

/** An interrupted attempt was ended by hookline itself, so it costs the endpoint nothing of its budget. */
const refundAttempt = delivery.assign(({ context }) => ({ left: context.left + 1 }))

const noteDelivered = delivery.assign(({ event }) => ({ deliveredAt: event.at }))

const refillBudget = delivery.assign(({ context, event }) => {
  const budget = event.type === 'redelivery.requested' ? event.budget : context.budget
  return { budget, left: budget, deliveredAt: null, retryAt: null, holdsLine: false }
})

const abandon = delivery.createStateConfig({
  on: {
    'event.abandoned': {
      target: 'failed',
      actions: [noteError, { type: 'settle', params: { as: 'failed' } }],
    },
  },
}).on

const settled = delivery.createStateConfig({
  tags: 'settled',
  on: {
    'redelivery.requested': { target: 'pending', actions: [refillBudget, 'joinLine'] },
  },
})

export const deliveryMachine = delivery.createMachine({
  id: 'delivery',
  version: '1',
  // `input` is absent when a snapshot is restored or stepped without an actor; the context then comes from the snapshot.
  context: ({ input }) => initialDeliveryContext((input as DeliveryInput | undefined)?.budget ?? 0),
  initial: 'pending',
  states: {
    pending: {
      tags: 'open',
      on: {
        ...abandon,
        'attempt.started': {
          guard: 'isNext',
          target: 'delivering',
          actions: [openAttempt, { type: 'sendRequest', params: ({ event }) => ({ attempt: event.attempt }) }],
        },
      },
    },
    delivering: {
      tags: 'open',
      on: {
        ...abandon,
        'attempt.succeeded': {
          guard: 'isCurrent',
          target: 'delivered',
          actions: [noteDelivered, { type: 'settle', params: { as: 'delivered' } }],
        },
        'attempt.failed': [
          {
            guard: 'isCurrentWithBudget',
            target: 'backoff',
            actions: [
              noteError,
              awaitRetry,
              { type: 'startTimer', params: ({ event }) => ({ retryAt: event.retryAt }) },
            ],
          },
          {
            guard: 'isCurrent',
            target: 'deadLettered',
            actions: [noteError, holdLine, { type: 'settle', params: { as: 'deadLettered' } }],
          },
        ],
        'attempt.rejected': {
          guard: 'isCurrent',
          target: 'failed',
          actions: [noteError, { type: 'settle', params: { as: 'failed' } }],
        },
        'attempt.interrupted': {
          guard: 'isCurrent',
          target: 'pending',
          actions: [noteError, refundAttempt, 'joinLine'],
        },
      },
    },
    backoff: {
      tags: 'open',
      on: {
        'event.abandoned': {
          target: 'failed',
          actions: [noteError, 'cancelTimer', { type: 'settle', params: { as: 'failed' } }],
        },
        'attempt.started': {
          guard: 'isNext',
          target: 'delivering',
          actions: [openAttempt, { type: 'sendRequest', params: ({ event }) => ({ attempt: event.attempt }) }],
        },
        'redelivery.requested': { target: 'pending', actions: [refillBudget, 'cancelTimer', 'joinLine'] },
      },
    },
    delivered: settled,
    failed: settled,
    deadLettered: {
      ...settled,
      on: {
        ...settled.on,
        'line.released': { guard: 'holdsLine', actions: [letLineGo, 'releaseLine'] },
      },
    },
  },
})

/** The context every event starts with; shared by all events with the same budget, since contexts are never changed in place. */
export function initialDeliveryContext(budget: number): DeliveryContext {
  return { attempts: 0, budget, left: budget, lastError: null, deliveredAt: null, retryAt: null, holdsLine: false }
}

const answers = ['attempt.succeeded', 'attempt.failed', 'attempt.rejected', 'attempt.interrupted'] as const
const ignoredOnceSettled = ['attempt.started', ...answers, 'event.abandoned'] as const

/** What each state takes no notice of, on purpose. Every other (state, event) pair is handled. */
export const deliveryIgnores: Readonly<Record<DeliveryStatus, readonly DeliveryEvent['type'][]>> = {
  pending: [...answers, 'redelivery.requested', 'line.released'],
  delivering: ['attempt.started', 'redelivery.requested', 'line.released'],
  backoff: [...answers, 'line.released'],
  delivered: [...ignoredOnceSettled, 'line.released'],
  failed: [...ignoredOnceSettled, 'line.released'],
  deadLettered: ignoredOnceSettled,
}
