// The actors of a lane: one sequencer, and under it the delivery of the event whose turn it is.
import { createActor } from 'xstate'
import type { Actor, AnyActorScope, AnyMachineSnapshot, AnyStateMachine, InspectionEvent, Observer } from 'xstate'
import { deliveryMachine } from '../../machines/delivery.ts'
import type { DeliveryEffects } from '../../machines/delivery.ts'
import { sequencerMachine } from '../../machines/sequencer.ts'
import type { DeliveryLogic, RestingDelivery, SequencerEffects } from '../../machines/sequencer.ts'
import { tabulate } from './flat-machine.ts'
import { readTemplates } from './flat-snapshot.ts'
import type { Outbox } from './outbox.ts'
import { snapshotOf } from './resting-delivery.ts'

export type SequencerActor = Actor<typeof sequencerMachine>

/** Makes the sequencers of one service. */
export interface LaneActors {
  /** A started sequencer. `failed` hears of an error of the sequencer itself, which is then dead. */
  sequencer(laneId: string, failed: (error: unknown) => void): SequencerActor
}

/**
 * The machines with their actions bound to the outbox: an action only puts an intent there, because in a live actor it
 * runs before anyone can append. With an observer the interpreter runs them, so that the observer sees every step;
 * without one, the table.
 */
export function createLaneActors(outbox: Outbox, inspect: Observer<InspectionEvent> | null): LaneActors {
  const put =
    <Name extends keyof DeliveryEffects>(type: Name) =>
    (_: unknown, params: DeliveryEffects[Name]) => {
      outbox.put(type, params)
    }
  const run = <TMachine extends AnyStateMachine>(machine: TMachine): TMachine =>
    inspect === null ? tabulate(machine) : machine

  const delivery = fromRest(
    run(
      deliveryMachine.provide({
        actions: {
          sendRequest: put('sendRequest'),
          startTimer: put('startTimer'),
          cancelTimer: put('cancelTimer') as () => void,
          joinLine: put('joinLine') as () => void,
          settle: put('settle'),
        },
      }),
    ),
  )
  const sequencer = run(
    sequencerMachine.provide({
      actors: { delivery },
      actions: {
        quarantine: (_: unknown, params: SequencerEffects['quarantine']) => {
          outbox.quarantine(params)
        },
      },
    }),
  )
  return {
    sequencer(laneId, failed) {
      const actor = createActor(sequencer, inspect === null ? { id: laneId } : { id: laneId, inspect })
      // Without an error observer, an error in here would end the process.
      actor.subscribe({ error: failed })
      return actor.start()
    },
  }
}

/** The same logic, started from a resting delivery instead of from the machine's initial state. */
function fromRest(machine: AnyStateMachine): DeliveryLogic {
  const logic = Object.create(machine) as { getInitialSnapshot: unknown }
  // The interpreter runs the actions of the machine that a snapshot names, not of the one it was asked to step.
  const templates = readTemplates(machine)
  logic.getInitialSnapshot = (_: AnyActorScope, resting: RestingDelivery): AnyMachineSnapshot =>
    snapshotOf(resting, templates)
  // All else is inherited from the machine; only the input differs.
  return logic as unknown as DeliveryLogic
}
