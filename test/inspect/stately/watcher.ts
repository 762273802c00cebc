/** A message as viewers get it. */
export interface Message {
  readonly type: '@xstate.actor' | '@xstate.event' | '@xstate.snapshot'
  readonly sessionId: string
  readonly rootId: string
  readonly parentId?: string
  readonly createdAt: string
  readonly _version: string
  readonly name?: string
  readonly definition?: string
  readonly sourceId?: string
  readonly event?: { readonly type: string }
  readonly snapshot?: { readonly status: string; readonly value: unknown; readonly context: unknown }
}

/** What a viewer knows of one actor. */
export interface WatchedActor {
  readonly name: string
  readonly definition: unknown
  readonly parent: string | null
  status: string
  /** States it was in, one after the other. */
  readonly states: unknown[]
  readonly events: string[]
}

/** Reads messages as the hosted inspector does, and refuses what would confuse one. */
export class Watcher {
  readonly messages: Message[] = []
  readonly actors = new Map<string, WatchedActor>()

  readonly take = (message: Message): void => {
    this.messages.push(message)
    if (message.type === '@xstate.actor') {
      this.#announce(message)
      return
    }
    const actor = this.actors.get(message.sessionId)
    if (actor === undefined) throw new Error(`nothing is known of ${message.sessionId}`)
    if (message.type === '@xstate.event') actor.events.push(message.event!.type)
    if (message.type === '@xstate.snapshot') this.#move(actor, message)
  }

  /** The actors of a name, oldest first. */
  named(name: string): WatchedActor[] {
    return [...this.actors.values()].filter((actor) => actor.name === name)
  }

  #announce({ sessionId, name, definition, snapshot, parentId }: Message): void {
    if (parentId !== undefined && !this.actors.has(parentId)) throw new Error(`${sessionId} has no parent`)
    this.actors.set(sessionId, {
      name: name!,
      definition: JSON.parse(definition!),
      parent: parentId === undefined ? null : this.actors.get(parentId)!.name,
      status: snapshot!.status,
      states: [snapshot!.value],
      events: [],
    })
  }

  #move(actor: WatchedActor, { snapshot }: Message): void {
    actor.status = snapshot!.status
    if (actor.states.at(-1) !== snapshot!.value) actor.states.push(snapshot!.value)
  }
}
