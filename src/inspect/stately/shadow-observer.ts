import type { AnyMachineSnapshot, AnyStateMachine, InspectionEvent, Observer } from 'xstate'
import type { MessageWriter, ShownActor, ShownMachineEvent, ShownSnapshot } from './message-writer.ts'

/** What is read of an actor. */
interface SeenActor {
  readonly id: string
  readonly logic: AnyStateMachine
  readonly _parent?: SeenActor
  getSnapshot(): AnyMachineSnapshot
}

/**
 * Sees what shadow actors do, and has it written at once: a moment later they would show another state. It must never
 * throw, which would wedge the actor it looks at.
 *
 * @param run what the session ids of this run begin with
 */
export function createShadowObserver(
  run: string,
  writer: MessageWriter,
  failed: () => void,
): Observer<InspectionEvent> {
  const known = new WeakMap<SeenActor, ShownActor>()
  let actors = 0
  const identify = (seen: SeenActor): ShownActor => {
    let actor = known.get(seen)
    if (actor === undefined) {
      const { _parent: parent, id: name, logic: machine } = seen
      actors += 1
      const sessionId = `${run}:${actors}:${name}`
      actor = { sessionId, name, machine, parent: parent === undefined ? null : identify(parent) }
      known.set(seen, actor)
    }
    return actor
  }
  const write = (inspected: InspectionEvent): void => {
    if (inspected.type === '@xstate.event') {
      const seen = inspected.actorRef as unknown as SeenActor // every shadow is an actor of a machine, not just like one
      const source = inspected.sourceRef as unknown as SeenActor | undefined // the same
      const actor = identify(seen)
      // The first there is of an actor. When it is announced, its snapshot cannot be read yet.
      if (inspected.event.type === 'xstate.init') writer.actor(actor, shown(seen.getSnapshot()))
      writer.event(actor, inspected.event as ShownMachineEvent, source === undefined ? null : identify(source))
    } else if (inspected.type === '@xstate.snapshot') {
      const actor = identify(inspected.actorRef as unknown as SeenActor) // the same
      const snapshot = inspected.snapshot as AnyMachineSnapshot // of an actor of a machine
      writer.snapshot(actor, shown(snapshot), inspected.event as ShownMachineEvent)
    }
  }
  return {
    next: (inspected) => {
      try {
        write(inspected)
      } catch {
        failed()
      }
    },
  }
}

/** The part of a snapshot that has a JSON form. */
function shown(snapshot: AnyMachineSnapshot): ShownSnapshot {
  const { status, tags } = snapshot
  const { value, context, children, historyValue } = snapshot as unknown as Omit<ShownSnapshot, 'tags'> // less `any`
  return { status, value, context, children, tags: [...tags], historyValue }
}
