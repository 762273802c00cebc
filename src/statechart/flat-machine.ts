// Runs a flat statechart from a table built once out of the machine's own definition, giving the same snapshots,
// actions and order as XState's interpreter in a fraction of its time. It is not a second statechart: it knows no state
// and no event by name, and it hands the interpreter everything that is not a plain event of the machine's own. A
// property test walks both and demands that they never differ.
import { createActor } from 'xstate'
import type { AnyActorRef, AnyStateMachine, EventObject } from 'xstate'
import { fillTemplate, readTemplates } from './flat-snapshot.ts'
import type { FlatSnapshot } from './flat-snapshot.ts'
import { readTable } from './flat-table.ts'
import type { ActionImplementation, Candidate, TableStep } from './flat-table.ts'

/** What the table uses of an actor's scope. */
interface Scope {
  readonly self: AnyActorRef
  readonly system: unknown
  readonly actionExecutor: (action: ExecutedAction) => void
}

interface ExecutedAction {
  readonly type: string
  readonly info: Arguments
  readonly params: unknown
  readonly exec: ((args: object, params: unknown) => void) | undefined
}

interface Arguments {
  readonly context: unknown
  readonly event: EventObject
  readonly self: AnyActorRef
  readonly system: unknown
}

type Children = FlatSnapshot['children']
const noChildren: Children = Object.freeze(Object.create(null) as Children)

type Templates = ReadonlyMap<string, FlatSnapshot>
type Transition = (snapshot: FlatSnapshot, event: EventObject, scope: Scope) => FlatSnapshot

/** The same logic as `machine`, run from a table. Throws when the machine is not flat. */
export function tabulate<TMachine extends AnyStateMachine>(machine: TMachine): TMachine {
  const table = readTable(machine)
  const templates = readTemplates(machine)
  // The table's own types for snapshot and scope are views of XState's.
  const interpreter = machine as unknown as { transition: Transition }
  const transition: Transition = (snapshot, event, scope) => {
    if (snapshot.status !== 'active' || event.type.startsWith('xstate.')) {
      if (event.type === 'xstate.stop' && isEmpty(snapshot.children)) {
        return fillTemplate(snapshot, 'stopped', snapshot.context, snapshot.children)
      }
      return interpreter.transition(snapshot, event, scope)
    }
    const candidates = table.get(snapshot.value)?.get(event.type)
    const candidate = candidates === undefined ? null : choose(candidates, snapshot, event)
    return candidate === null ? snapshot : take(candidate, templates, snapshot, event, scope)
  }
  // Inherits config, implementations, persistence and inspection from the machine itself.
  const logic: unknown = Object.assign(Object.create(machine) as object, { transition })
  return logic as TMachine
}

function choose(candidates: readonly Candidate[], { context }: FlatSnapshot, event: EventObject): Candidate | null {
  for (const candidate of candidates) {
    const { guard } = candidate
    if (guard === null) return candidate
    const args = { context, event }
    if (guard.check(args, resolve(guard.params, args))) return candidate
  }
  return null
}

function take(
  candidate: Candidate,
  templates: Templates,
  snapshot: FlatSnapshot,
  event: EventObject,
  scope: Scope,
): FlatSnapshot {
  const { self, system } = scope
  let { context, children } = snapshot
  for (const step of candidate.steps) {
    const args: Arguments = { context, event, self, system }
    switch (step.kind) {
      case 'assign':
        context = assign(step.implementation, args)
        break
      case 'spawn': {
        const actorRef = spawn(step.implementation, args, snapshot.machine)
        children = withChild(children, actorRef)
        execute(step, { actorRef }, args, scope)
        break
      }
      case 'stop': {
        const child = named(step.implementation, args, children)
        children = without(children, child)
        execute(step, child, args, scope)
        break
      }
      case 'custom':
        scope.actionExecutor({
          type: step.type,
          info: args,
          params: resolve(step.params, args),
          exec: step.implementation,
        })
    }
  }
  if (candidate.keepsSnapshot) return snapshot
  const template = candidate.target === null ? snapshot : templates.get(candidate.target)
  return fillTemplate(template ?? snapshot, 'active', context, children)
}

function execute({ type, implementation }: TableStep, params: unknown, info: Arguments, scope: Scope): void {
  const run = implementation?.execute
  scope.actionExecutor({
    type,
    info,
    params,
    exec: run === undefined ? undefined : () => run(scope, params),
  })
}

function assign(implementation: ActionImplementation | undefined, args: Arguments): unknown {
  const assignment = implementation?.assignment
  if (typeof assignment === 'function') return { ...(args.context as object), ...(resolve(assignment, args) as object) }
  const update: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(assignment as Record<string, unknown>)) update[key] = resolve(value, args)
  return { ...(args.context as object), ...update }
}

function spawn(
  implementation: ActionImplementation | undefined,
  args: Arguments,
  machine: AnyStateMachine,
): AnyActorRef {
  const src = implementation?.src as string
  const logic = machine.implementations.actors[src] as AnyStateMachine
  // `src` and `input` are options of spawned actors, which XState's types give to actors of a setup only.
  const options = {
    id: resolve(implementation?.id, args),
    src,
    parent: args.self,
    input: resolve(implementation?.input, args),
  }
  return createActor(logic, options as object)
}

function named(
  implementation: ActionImplementation | undefined,
  args: Arguments,
  children: Children,
): AnyActorRef | undefined {
  const actorRef = resolve(implementation?.actorRef, args)
  return typeof actorRef === 'string' ? children[actorRef] : (actorRef as AnyActorRef | undefined)
}

function withChild(children: Children, child: AnyActorRef): Children {
  const more = copyOf(children)
  more[child.id] = child
  return more
}

function without(children: Children, child: AnyActorRef | undefined): Children {
  if (child === undefined) return children
  // A lane has one child at most, so this is what mostly is left.
  if (isAlone(children, child.id)) return noChildren
  const left = copyOf(children)
  Reflect.deleteProperty(left, child.id)
  return left
}

/** Without a prototype V8 keeps it as a hash table; a literal would grow a hidden class for every event id there ever was. */
function copyOf(children: Children): Record<string, AnyActorRef> {
  const copy = Object.create(null) as Record<string, AnyActorRef>
  return children === noChildren ? copy : Object.assign(copy, children)
}

function isAlone(children: Children, childId: string): boolean {
  for (const id in children) if (id !== childId) return false
  return true
}

function resolve(value: unknown, args: object): unknown {
  return typeof value === 'function' ? (value as (args: object) => unknown)(args) : value
}

function isEmpty(children: Children): boolean {
  for (const _ in children) return false
  return true
}
