import { createEmptyActor } from 'xstate'
import type { ActorScope, ActorSystem, ActorSystemInfo, EventObject, ExecutableActionObject, Snapshot } from 'xstate'

/**
 * The surroundings a machine needs to take a step outside any actor: nothing runs, and the named actions of the step
 * land in `actions`, to be drained by the caller. One scope serves any number of steps, one after the other.
 */
export interface InertScope<TSnapshot extends Snapshot<unknown>, TEvent extends EventObject> {
  readonly scope: ActorScope<TSnapshot, TEvent, ActorSystem<ActorSystemInfo>>
  readonly actions: ExecutableActionObject[]
}

export function createInertScope<TSnapshot extends Snapshot<unknown>, TEvent extends EventObject>(): InertScope<
  TSnapshot,
  TEvent
> {
  const actions: ExecutableActionObject[] = []
  const self = createEmptyActor()
  // What a machine without timers, children or systemIds touches of its scope, and no more. A watch-list test compares
  // a step taken here with xstate's own transition(), so that a change of the interpreter's internals is noticed.
  const scope = {
    self,
    id: self.id,
    sessionId: self.sessionId,
    system: self.system as ActorSystem<ActorSystemInfo>,
    logger: () => undefined,
    defer: () => undefined,
    emit: () => undefined,
    stopChild: () => undefined,
    actionExecutor: (action: ExecutableActionObject) => {
      actions.push(action)
    },
  }
  // `self` is an actor of no logic where the type wants one of this machine's; a step never asks it for its snapshot.
  return { scope: scope as unknown as ActorScope<TSnapshot, TEvent, ActorSystem<ActorSystemInfo>>, actions }
}
