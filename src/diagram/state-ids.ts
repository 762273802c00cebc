import type { Chart } from './chart.ts'

/** What means something of its own in Mermaid or in DOT, in any case. */
const keywords = new Set(
  [
    ...['as', 'choice', 'class', 'classDef', 'click', 'default', 'direction', 'end', 'fork', 'hide', 'history', 'href'],
    ...['join', 'linkStyle', 'note', 'scale', 'state', 'stateDiagram', 'style', 'title'],
    ...['digraph', 'edge', 'graph', 'node', 'strict', 'subgraph'],
  ].map((word) => word.toLowerCase()),
)
const plainName = /^[a-z][a-z0-9]*$/i

/** What each state is called in the text of a diagram: its name where every language takes it, else `state_3`. */
export function stateIds({ states }: Chart): ReadonlyMap<string, string> {
  return new Map(
    states.map(({ name }, index) => {
      const isPlain = plainName.test(name) && !keywords.has(name.toLowerCase())
      return [name, isPlain ? name : `state_${index + 1}`] // no plain name holds an underscore
    }),
  )
}
