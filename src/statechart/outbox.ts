import type { DeliveryEffects } from '../../machines/delivery.ts'
import type { SequencerEffects } from '../../machines/sequencer.ts'
import type { Intent } from './resting-delivery.ts'

/**
 * Where a live actor's actions leave what is to be done, until the lane has appended the transition. An actor runs to
 * completion inside `send`, and a lane empties the outbox before it sends again, so one outbox serves every lane.
 */
export class Outbox {
  #intents: Intent[] = []
  #quarantined: SequencerEffects['quarantine'] | null = null

  put<Name extends keyof DeliveryEffects>(type: Name, params: DeliveryEffects[Name]): void {
    // A name with its own params, which a generic literal cannot tell the compiler.
    this.#intents.push({ type, params } as Intent)
  }

  quarantine(params: SequencerEffects['quarantine']): void {
    this.#quarantined = params
  }

  /** Empties the outbox. */
  take(): readonly Intent[] {
    const intents = this.#intents
    this.#intents = []
    return intents
  }

  /** The child whose own code failed in the last send, if one did. */
  takeQuarantined(): SequencerEffects['quarantine'] | null {
    const quarantined = this.#quarantined
    this.#quarantined = null
    return quarantined
  }
}
