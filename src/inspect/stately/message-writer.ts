// Writes what shadow actors do as messages of the official inspector, by its own converter. That dates every message
// with the moment of conversion and forgets whose root an actor has, so those fields are put right here, from the log.
import type { createInspector } from '@statelyai/inspect'
import type { AnyStateMachine } from 'xstate'
import type { StatelyPackage } from './stately-package.ts'

/** One message, ready to be sent. */
export interface StatelyMessage {
  readonly type: '@xstate.actor' | '@xstate.event' | '@xstate.snapshot'
  readonly sessionId: string
  /** Whether the actor has stopped with it. */
  readonly stops: boolean
  /** One JSON text, as the official receivers take it. */
  readonly text: string
}

/** An actor as viewers know it. */
export interface ShownActor {
  /** Unique over every run of every process: viewers tell actors apart by it. */
  readonly sessionId: string
  readonly name: string
  readonly parent: ShownActor | null
  readonly machine: Pick<AnyStateMachine, 'config'>
}

/** A snapshot as viewers know it; JSON in all its parts. */
export interface ShownSnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped'
  readonly value: unknown
  readonly context: unknown
  readonly children: unknown
  readonly tags: readonly string[]
  readonly historyValue: unknown
}

/** A machine event, whatever it holds. */
export type ShownMachineEvent = Readonly<Record<string, unknown>> & { readonly type: string }

type OfficialInspector = ReturnType<typeof createInspector>
type OfficialMessage = Parameters<OfficialInspector['adapter']['send']>[0]

/** Deeper than any machine here; at its default of 10 the converter would cut a definition short. */
const definitionDepth = 32

export class MessageWriter {
  readonly #inspector: OfficialInspector
  readonly #send: (message: StatelyMessage) => void
  #actor: ShownActor | null = null
  #createdAt = ''

  constructor({ createInspector }: StatelyPackage, send: (message: StatelyMessage) => void) {
    this.#send = send
    const adapter = { send: (message: OfficialMessage) => this.#correct(message) }
    this.#inspector = createInspector(adapter, { serializationDepthLimit: definitionDepth })
  }

  /** What is written from now on happened at this time: ISO 8601. */
  setTime(at: string): void {
    this.#createdAt = String(Date.parse(at))
  }

  actor(actor: ShownActor, snapshot: ShownSnapshot): void {
    this.#actor = actor
    this.#inspector.actor(refOf(actor), snapshot)
  }

  event(actor: ShownActor, event: ShownMachineEvent, source: ShownActor | null): void {
    this.#actor = actor
    this.#inspector.event(actor.sessionId, event, source === null ? {} : { source: source.sessionId })
  }

  snapshot(actor: ShownActor, snapshot: ShownSnapshot, event: ShownMachineEvent): void {
    this.#actor = actor
    this.#inspector.snapshot(actor.sessionId, snapshot, { event })
  }

  /** The converter calls this before it returns. */
  #correct(message: OfficialMessage): void {
    const actor = this.#actor
    if (actor === null) return
    const corrected = {
      ...message,
      ...(message.type === '@xstate.actor' && { name: actor.name }),
      rootId: rootOf(actor).sessionId,
      createdAt: this.#createdAt,
      id: null,
    }
    const stops = message.type === '@xstate.snapshot' && message.snapshot.status === 'stopped'
    this.#send({ type: message.type, sessionId: actor.sessionId, stops, text: JSON.stringify(corrected) })
  }
}

function rootOf(actor: ShownActor): ShownActor {
  return actor.parent === null ? actor : rootOf(actor.parent)
}

/** What the converter reads of an actor; it reads more of an object than of an id. */
function refOf({ sessionId, name, parent, machine }: ShownActor) {
  return {
    ...inert(sessionId),
    id: name,
    logic: machine,
    ...(parent !== null && { _parent: inert(parent.sessionId) }),
  }
}

function inert(sessionId: string) {
  return { sessionId, send: () => undefined, getSnapshot: () => undefined }
}
