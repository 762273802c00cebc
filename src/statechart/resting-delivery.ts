// Deliveries without actors: how a delivery at rest becomes a snapshot, takes a step, and comes to rest again.
import type { AnyMachineSnapshot } from 'xstate'
import { deliveryMachine, initialDeliveryContext } from '../../machines/delivery.ts'
import type { DeliveryEffects, DeliveryEvent, DeliveryStatus } from '../../machines/delivery.ts'
import type { RestingDelivery } from '../../machines/sequencer.ts'
import { tabulate, withState } from './flat-machine.ts'
import { createInertScope } from './inert-scope.ts'

/** What a step asks to be done, by name and params. */
export type Intent = {
  [Name in keyof DeliveryEffects]: { readonly type: Name; readonly params: DeliveryEffects[Name] }
}[keyof DeliveryEffects]

/** The machine and version that stands in every record: `delivery@1`. */
export const deliveryVersion = `${deliveryMachine.id}@${deliveryMachine.version ?? ''}`

const table = tabulate(deliveryMachine)
const templates = new Map<string, AnyMachineSnapshot>(
  Object.keys(deliveryMachine.states).map((value) => [
    value,
    deliveryMachine.resolveState({ value: value as DeliveryStatus, context: initialDeliveryContext(0) }),
  ]),
)

/** The snapshot a delivery at rest stands for. */
export function snapshotOf(resting: RestingDelivery): AnyMachineSnapshot {
  const template = templates.get(resting.value)
  if (template === undefined) throw new Error(`delivery: "${resting.value}" is not a state`)
  return withState(template, resting.context, {})
}

export interface RestingStep {
  readonly resting: RestingDelivery
  readonly intents: readonly Intent[]
}

/** One step, without an actor and without effects. Null when the state takes no notice of the event. */
export function stepAtRest(resting: RestingDelivery, event: DeliveryEvent): RestingStep | null {
  const inert = createInertScope()
  const before = snapshotOf(resting)
  // `table` runs the delivery machine, so its snapshots are the delivery's; the machine's own types forbid AnySnapshot.
  const after = table.transition(before as never, event, inert.scope) as AnyMachineSnapshot
  if (after === before) return null
  return {
    resting: { value: after.value as DeliveryStatus, context: after.context as RestingDelivery['context'] },
    intents: inert.actions.map(({ type, params }) => ({ type, params }) as Intent),
  }
}
