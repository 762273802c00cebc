// What every machine of this project promises by its definition, whatever its states are.
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { getNextTransitions } from 'xstate'
import type { AnyMachineSnapshot, AnyStateMachine, StateNode } from 'xstate'
import { getStateNodes } from 'xstate/graph'

export function stateNames(machine: AnyStateMachine): string[] {
  return Object.keys(machine.states)
}

/** The event types that do something in this state; `{}`, which does nothing on purpose, is not one of them. */
export function handledTypes(snapshot: AnyMachineSnapshot): Set<string> {
  const doing = getNextTransitions(snapshot).filter(({ target, actions }) => target !== undefined || actions.length > 0)
  return new Set(doing.map(({ eventType }) => String(eventType)))
}

/** No timers, no calls, no transitions by itself, no end: all that a machine does, it does because of an event. */
export function expectEventOnly(machine: AnyStateMachine): void {
  expect(machine.root.transitions.size).toBe(0)
  const nodes = getStateNodes(machine.root) as StateNode[]
  expect(nodes.map(({ key }) => key)).toEqual(stateNames(machine))
  for (const { key, type, invoke, after, always, entry, exit } of nodes) {
    const found = { key, type, invoke, after, always: always ?? [], entry, exit }
    expect(found).toEqual({ key, type: 'atomic', invoke: [], after: [], always: [], entry: [], exit: [] })
  }
}

/** A machine file imports xstate and its sister machines; of all else only types. */
export function expectPureImports(fileName: string): void {
  const source = readFileSync(new URL(`../../machines/${fileName}`, import.meta.url), 'utf8')
  const imports = source.match(/^import .*$/gm) ?? []
  expect(imports).not.toEqual([])
  for (const line of imports) expect(line).toMatch(/^import type |from '(xstate|\.\/[a-z]+\.ts)'$/)
  expect(source).not.toMatch(/\b(require|import)\s*\(|Date\.now|new Date|Math\.random|setTimeout|process\./)
}
