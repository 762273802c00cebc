import type { ActorScope, ActorSystem, ActorSystemInfo, EventObject, Snapshot } from 'xstate'
import { createInertScope } from './inert-scope.ts'

/** What a state of a flat statechart amounts to. */
export interface Resting<TValue extends string, TContext> {
  readonly value: TValue
  readonly context: TContext
}

/** A flat statechart without effects, stepped without an actor. */
export interface RestingChart<TValue extends string, TContext, TEvent> {
  /** The machine and its version, as they stand in its records: `breaker@1`. */
  readonly version: string
  readonly initial: Resting<TValue, TContext>
  readonly states: ReadonlySet<string>
  /** The state after `event`; null when the state before takes no notice of it. */
  step(before: Resting<TValue, TContext>, event: TEvent): Resting<TValue, TContext> | null
}

/** What of a machine is used here. */
interface Machine<TSnapshot, TValue, TContext, TEvent extends EventObject> {
  readonly id: string
  readonly version?: string | undefined
  readonly states: Readonly<Record<string, unknown>>
  getInitialSnapshot(scope: Scope<TSnapshot, TEvent>): TSnapshot
  resolveState(state: { value: TValue; context: TContext }): TSnapshot
  transition(snapshot: TSnapshot, event: TEvent, scope: Scope<TSnapshot, TEvent>): TSnapshot
}

type Scope<TSnapshot, TEvent extends EventObject> = ActorScope<
  TSnapshot & Snapshot<unknown>,
  TEvent,
  ActorSystem<ActorSystemInfo>
>

export function restingChart<
  TValue extends string,
  TContext,
  TEvent extends EventObject,
  TSnapshot extends Snapshot<unknown> & Resting<TValue, TContext>,
>(machine: Machine<TSnapshot, TValue, TContext, TEvent>): RestingChart<TValue, TContext, TEvent> {
  const { scope } = createInertScope<TSnapshot, TEvent>()
  const { value, context } = machine.getInitialSnapshot(scope)
  return {
    version: `${machine.id}@${machine.version ?? ''}`,
    initial: { value, context },
    states: new Set(Object.keys(machine.states)),
    step(before, event) {
      const snapshot = machine.resolveState(before)
      const after = machine.transition(snapshot, event, scope)
      return after === snapshot ? null : { value: after.value, context: after.context }
    },
  }
}
