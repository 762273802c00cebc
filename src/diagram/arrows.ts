import type { Chart, ChartState, ChartTransition } from './chart.ts'

/** Every way from one state to another, drawn as one arrow. */
export interface Arrow {
  readonly from: string
  readonly to: string
  readonly transitions: readonly ChartTransition[]
}

/** The arrows between different states, in the order of the definition. */
export function arrowsOf({ states }: Chart): readonly Arrow[] {
  return states.flatMap(({ name, transitions }) => {
    const leaving = transitions.filter(({ target }) => target !== name)
    const targets = new Set(leaving.map(({ target }) => target))
    return [...targets].map((to) => ({
      from: name,
      to,
      transitions: leaving.filter(({ target }) => target === to),
    }))
  })
}

/** What a state does without being left. */
export function reactionsOf(state: ChartState): readonly ChartTransition[] {
  return drawnTransitions(state).filter(({ target }) => target === state.name)
}

/** All but the events that are named only to be ignored. */
export function drawnTransitions({ name, transitions }: ChartState): readonly ChartTransition[] {
  return transitions.filter(({ target, effects }) => target !== name || effects.length > 0)
}
