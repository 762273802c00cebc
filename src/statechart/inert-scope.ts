import { createEmptyActor } from 'xstate'
import type { AnyActorScope, ExecutableActionObject } from 'xstate'

/**
 * The surroundings a machine needs to take a step outside any actor: nothing runs, and the named actions of the step
 * land in `actions`, to be drained by the caller. One scope serves any number of steps, one after the other.
 */
export interface InertScope {
  readonly scope: AnyActorScope
  readonly actions: ExecutableActionObject[]
}

export function createInertScope(): InertScope {
  const actions: ExecutableActionObject[] = []
  const self = createEmptyActor()
  // What a machine without timers, children or systemIds touches of its scope, and no more. A watch-list test compares
  // a step taken here with xstate's own transition(), so that a change of the interpreter's internals is noticed.
  const scope = {
    self,
    id: self.id,
    sessionId: self.sessionId,
    system: self.system,
    logger: () => undefined,
    defer: () => undefined,
    emit: () => undefined,
    stopChild: () => undefined,
    actionExecutor: (action: ExecutableActionObject) => {
      actions.push(action)
    },
  }
  // The literal above lacks only members that xstate marks internal.
  return { scope: scope as unknown as AnyActorScope, actions }
}
