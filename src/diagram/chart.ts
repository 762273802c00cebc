// Reads a statechart's definition into plain data, from which diagrams and tables are made.
import type { AnyStateMachine, StateNode } from 'xstate'

/** One way out of a state, or one event that leaves it where it is. */
export interface ChartTransition {
  readonly event: string
  /** `isCurrent`; `else` for the way taken when no guard before it held; null without a guard. */
  readonly guard: string | null
  /** Where it leads: the state itself when there is no target. */
  readonly target: string
  /** What is asked for, in order: named actions, and children spawned and stopped. Changes of context are not shown. */
  readonly effects: readonly string[]
}

export interface ChartState {
  readonly name: string
  readonly tags: readonly string[]
  readonly transitions: readonly ChartTransition[]
}

export interface Chart {
  /** `delivery@1` */
  readonly id: string
  readonly initial: string
  readonly states: readonly ChartState[]
}

/** A flat machine as data. Throws for a machine with states inside states. */
export function readChart(machine: AnyStateMachine): Chart {
  const states = Object.values(machine.states) as StateNode[]
  const [initial] = machine.root.initial.target
  if (initial === undefined || states.some(({ type }) => type !== 'atomic')) {
    throw new Error(`the machine "${machine.id}" is not flat`)
  }
  return {
    id: `${machine.id}@${machine.version ?? ''}`,
    initial: initial.key,
    states: states.map((node) => ({ name: node.key, tags: node.tags, transitions: readTransitions(node) })),
  }
}

function readTransitions(node: StateNode): ChartTransition[] {
  return [...node.transitions].flatMap(([event, candidates]) =>
    candidates.map((candidate, index) => ({
      event,
      guard: nameOf(candidate.guard) ?? (index > 0 ? 'else' : null),
      target: candidate.target?.[0]?.key ?? node.key,
      effects: candidate.actions.map(effectOf).filter((effect) => effect !== null),
    })),
  )
}

/** Null for a change of context, which asks for nothing. */
function effectOf(action: unknown): string | null {
  const name = nameOf(action)
  switch (name) {
    case 'xstate.assign':
      return null
    case 'xstate.spawnChild':
      return `spawn ${String((action as { src: unknown }).src)}` // what xstate puts on a spawn action
    case 'xstate.stopChild':
      return 'stop it'
    default:
      return name
  }
}

/** The name of a guard or an action: a text, or what carries it as its type. */
function nameOf(implementation: unknown): string | null {
  if (typeof implementation === 'string') return implementation
  // Actions of xstate's own are functions.
  if ((typeof implementation !== 'object' && typeof implementation !== 'function') || implementation === null)
    return null
  return 'type' in implementation && typeof implementation.type === 'string' ? implementation.type : null
}
