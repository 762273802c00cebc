// Deliveries without actors: how a delivery at rest becomes a snapshot, takes a step, and comes to rest again.
import type { SnapshotFrom } from 'xstate'
import { deliveryMachine } from '../../machines/delivery.ts'
import type { DeliveryEffects, DeliveryEvent, DeliveryStatus, SettledStatus } from '../../machines/delivery.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import { tabulate } from './flat-machine.ts'
import { fillTemplate, readTemplates } from './flat-snapshot.ts'
import { createInertScope } from './inert-scope.ts'

export type DeliverySnapshot = SnapshotFrom<typeof deliveryMachine>

/** Whether a round of delivery has ended in this state. */
export function isSettled(status: DeliveryStatus): status is SettledStatus {
  return status === 'delivered' || status === 'failed' || status === 'deadLettered'
}

/** What a step asks to be done, by name and params. */
export type Intent = {
  [Name in keyof DeliveryEffects]: { readonly type: Name; readonly params: DeliveryEffects[Name] }
}[keyof DeliveryEffects]

/** The machine and version that stands in every record: `delivery@1`. */
export const deliveryVersion = `${deliveryMachine.id}@${deliveryMachine.version ?? ''}`

const table = tabulate(deliveryMachine)
const templates = readTemplates(deliveryMachine)

/**
 * The snapshot a delivery at rest stands for.
 *
 * @param from templates of the machine that is to take it up, whose actions it will run
 */
export function snapshotOf({ value, context }: RestingDelivery, from = templates): DeliverySnapshot {
  const template = from.get(value)
  if (template === undefined) throw new Error(`delivery: "${value}" is not a state`)
  // Filled with the delivery's own state and context, it is the delivery's snapshot.
  return fillTemplate(template, 'active', context, {}) as unknown as DeliverySnapshot
}

/** The state a snapshot holds. */
export function restOf({ value, context }: DeliverySnapshot): RestingDelivery {
  return { value, context }
}

export interface RestingStep {
  readonly resting: RestingDelivery
  readonly intents: readonly Intent[]
}

const { scope, actions } = createInertScope<DeliverySnapshot, DeliveryEvent>()

/** One step, without an actor and without effects. Null when the state takes no notice of the event. */
export function stepAtRest(resting: RestingDelivery, event: DeliveryEvent): RestingStep | null {
  const after = restAfter(resting, event)
  if (after === null) return null
  // The machine's named actions are its effects, each with its own params.
  return { resting: after, intents: actions.map(({ type, params }) => ({ type, params }) as Intent) }
}

/** The same, for those who only want to know the state. */
export function restAfter(resting: RestingDelivery, event: DeliveryEvent): RestingDelivery | null {
  actions.length = 0
  const before = snapshotOf(resting)
  const after = table.transition(before, event, scope)
  return after === before ? null : restOf(after)
}
