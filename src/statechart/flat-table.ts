// Reads a machine's own definition into a table: for each state and event, the candidates with their guards and steps. It
// refuses what it does not understand, so that a machine is either run as XState would or not at all.
import type { AnyStateMachine, StateNode } from 'xstate'

/** What one action does: one of the built-in kinds, or a custom action that is handed on as it is. */
export interface TableStep {
  readonly kind: 'assign' | 'spawn' | 'stop' | 'custom'
  readonly type: string
  /** Fixed, or a function of context and event. */
  readonly params: unknown
  readonly implementation: ActionImplementation | undefined
}

export interface Candidate {
  readonly guard: { readonly check: (args: object, params: unknown) => boolean; readonly params: unknown } | null
  /** Null when the transition stays in its state. */
  readonly target: string | null
  readonly steps: readonly TableStep[]
  /** Whether the snapshot stays the very same object: in its state, and no built-in action, which each make a new one. */
  readonly keepsSnapshot: boolean
}

/** By state, then by event type; the first candidate whose guard agrees is taken. */
export type FlatTable = ReadonlyMap<string, ReadonlyMap<string, readonly Candidate[]>>

/** The shape of an action's implementation, with what XState's built-in ones carry. */
export interface ActionImplementation {
  (args: object, params: unknown): void
  readonly type?: string
  readonly resolve?: unknown
  readonly assignment?: unknown
  readonly src?: unknown
  readonly systemId?: unknown
  readonly syncSnapshot?: unknown
  readonly id?: unknown
  readonly input?: unknown
  readonly actorRef?: unknown
  readonly execute?: (scope: unknown, params: unknown) => void
}

type NamedAction = string | { readonly type: string; readonly params?: unknown }
type Node = StateNode
type Transition = NonNullable<ReturnType<Node['transitions']['get']>>[number]

export function readTable(machine: AnyStateMachine): FlatTable {
  const { root } = machine
  if (root.transitions.size > 0 || root.always !== undefined || root.invoke.length > 0) {
    refuse(machine, 'it has transitions, always, after or invoke at its root')
  }
  const nodes = Object.values(machine.states) as Node[]
  for (const node of nodes) {
    if (node.type !== 'atomic') refuse(machine, `state "${node.key}" is not atomic`)
    if (node.always !== undefined || node.invoke.length > 0 || node.after.length > 0) {
      refuse(machine, `state "${node.key}" has always, after or invoke`)
    }
  }
  return new Map(nodes.map((node) => [node.key, readState(machine, node)]))
}

function readState(machine: AnyStateMachine, node: Node): ReadonlyMap<string, readonly Candidate[]> {
  const candidates = new Map<string, readonly Candidate[]>()
  for (const [descriptor, transitions] of node.transitions) {
    // Those of XState's own events are never looked up here: the interpreter takes them.
    if (descriptor.includes('*') && !descriptor.startsWith('xstate.')) refuse(machine, `"${descriptor}" is a wildcard`)
    candidates.set(
      descriptor,
      transitions.map((transition) => readCandidate(machine, node, transition)),
    )
  }
  return candidates
}

function readCandidate(machine: AnyStateMachine, node: Node, transition: Transition): Candidate {
  const target = transition.target?.[0] as Node | undefined
  const moves = target !== undefined && (target !== node || transition.reenter)
  const actions = [...(moves ? node.exit : []), ...transition.actions, ...(moves ? target.entry : [])]
  const steps = actions.map((action) => readStep(machine, action))
  return {
    guard: readGuard(machine, transition),
    target: moves ? target.key : null,
    steps,
    keepsSnapshot: (target === undefined || target === node) && steps.every(({ kind }) => kind === 'custom'),
  }
}

function readGuard(machine: AnyStateMachine, transition: Transition): Candidate['guard'] {
  const guard = transition.guard as NamedAction | undefined
  if (guard === undefined) return null
  const { type, params } = typeof guard === 'string' ? { type: guard, params: undefined } : guard
  const check: unknown = machine.implementations.guards[type]
  if (typeof check !== 'function' || 'check' in check)
    return refuse(machine, `guard "${type}" is not a plain named guard`)
  // A guard takes `{ context, event }` and params; what those are is the machine's own affair.
  return { check: check as (args: object, params: unknown) => boolean, params }
}

function readStep(machine: AnyStateMachine, action: unknown): TableStep {
  const implementation = implementationOf(machine, action)
  if (implementation?.resolve === undefined) {
    if (typeof action === 'function') {
      return { kind: 'custom', type: action.name || '(anonymous)', params: undefined, implementation }
    }
    const named = action as NamedAction
    if (typeof named === 'string') return { kind: 'custom', type: named, params: undefined, implementation }
    return { kind: 'custom', type: named.type, params: named.params, implementation }
  }
  const type = implementation.type ?? ''
  const kind = builtIns.get(type)
  if (kind === undefined) return refuse(machine, `it uses the action "${type}"`)
  if (typeof action === 'object') return refuse(machine, `it gives params to the action "${type}"`)
  if (kind === 'spawn' && !isPlainSpawn(implementation)) {
    return refuse(machine, `it uses the action "${type}" with inline logic, systemId or syncSnapshot`)
  }
  return { kind, type, params: undefined, implementation }
}

function implementationOf(machine: AnyStateMachine, action: unknown): ActionImplementation | undefined {
  if (typeof action === 'function') return action as ActionImplementation
  const named = action as NamedAction
  const type = typeof named === 'string' ? named : named.type
  return machine.implementations.actions[type] as ActionImplementation | undefined
}

function isPlainSpawn({ src, systemId, syncSnapshot }: ActionImplementation): boolean {
  return typeof src === 'string' && systemId === undefined && syncSnapshot !== true
}

const builtIns: ReadonlyMap<string, TableStep['kind']> = new Map([
  ['xstate.assign', 'assign'],
  ['xstate.spawnChild', 'spawn'],
  ['xstate.stopChild', 'stop'],
])

function refuse(machine: AnyStateMachine, why: string): never {
  throw new Error(`the machine "${machine.id}" cannot be tabulated: ${why}`)
}
