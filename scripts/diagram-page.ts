// The generated parts of docs/states.md: for each machine its diagram and its table of states.
import type { AnyStateMachine } from 'xstate'
import {
  breakerIgnores,
  breakerMachine,
  deliveryIgnores,
  deliveryMachine,
  endpointIgnores,
  endpointMachine,
  sequencerIgnores,
  sequencerMachine,
} from '../machines/index.ts'
import type { BreakerState, DeliveryStatus, EndpointStatus } from '../machines/index.ts'
import { toMermaid } from '../src/diagram/mermaid.ts'
import { readChart } from '../src/diagram/chart.ts'
import type { ChartState } from '../src/diagram/chart.ts'

/** What the definition of a machine does not say about a state. */
interface StateText {
  readonly meaning: string
  /** How the state shows in the public API. */
  readonly seenAs: string
}

type Texts<State extends string> = Readonly<Record<State, StateText>>

const deliveryTexts: Texts<DeliveryStatus> = {
  pending: {
    meaning: 'It waits in its line: new, redelivered, or given back by an attempt that hookline interrupted.',
    seenAs: "`status: 'pending'`",
  },
  delivering: { meaning: 'Its request is in flight.', seenAs: "`status: 'delivering'`" },
  backoff: {
    meaning: 'An attempt failed and the next is due at `retryAt`. It keeps its place, and the line waits with it.',
    seenAs: "`status: 'backoff'`",
  },
  delivered: { meaning: 'The endpoint answered 2xx.', seenAs: "`status: 'delivered'`" },
  failed: {
    meaning: 'It will not be delivered: refused for good, forbidden by the egress policy, or its endpoint was removed.',
    seenAs: "`status: 'failed'`",
  },
  deadLettered: {
    meaning: 'Its attempts ran out. It is among the dead letters of its endpoint.',
    seenAs: "`status: 'deadLettered'`",
  },
}

const sequencerTexts: Texts<keyof typeof sequencerIgnores> = {
  idle: { meaning: 'No event is under way.', seenAs: 'nothing holds the line' },
  busy: {
    meaning: 'One event is under way: about to start, in flight, or in backoff.',
    seenAs: '`explain` of those behind it: `behind`',
  },
  paused: {
    meaning: 'The endpoint is paused or disabled. A request in flight ends as it ends; the next event waits.',
    seenAs: '`explain`: `endpointPaused` or `endpointDisabled`',
  },
  halted: {
    meaning: "A dead letter holds the line (`whenExhausted: 'halt'`) until a person decides.",
    seenAs: '`explain`: `lineHalted`; the service event `laneHalted`',
  },
  draining: { meaning: 'The service is closing. No other event is taken up.', seenAs: '`explain`: `serviceClosed`' },
}

const breakerTexts: Texts<BreakerState> = {
  closed: { meaning: 'Attempts go out.', seenAs: 'nothing; on closing, `breakerChanged`' },
  open: {
    meaning: 'So many attempts failed in a row that none goes out until `reopensAt`. No budget is used up.',
    seenAs: '`explain`: `breakerOpen`; `breakerChanged`',
  },
  halfOpen: {
    meaning: 'The cooldown is over. One attempt at a time goes out, until one succeeds or fails.',
    seenAs: '`breakerChanged`',
  },
}

const endpointTexts: Texts<EndpointStatus> = {
  active: { meaning: 'Its events go out.', seenAs: "`state: 'active'`" },
  failing: {
    meaning: 'Its events go out, and since `failingSince` every attempt has failed. Only with `autoDisable`.',
    seenAs: "`state: 'active'`, `health.failingSince`",
  },
  warned: {
    meaning: 'The same, for so long that a failure at or after `disableAt` disables it.',
    seenAs: "`state: 'active'`, `health.disableAt`; `endpointFailing`",
  },
  paused: {
    meaning: 'A person paused it. Nothing goes out, and submissions are taken.',
    seenAs: "`state: 'paused'`; `explain`: `endpointPaused`",
  },
  disabled: {
    meaning: 'It answered 410, or it failed for too long. Nothing goes out, and submissions are refused.',
    seenAs: "`state: 'disabled'`; `explain`: `endpointDisabled`; `endpointDisabled`",
  },
  removed: { meaning: 'It is being removed, and so are its records.', seenAs: '`EndpointNotFoundError`' },
}

const sections: Readonly<Record<string, () => string>> = {
  delivery: () => section(deliveryMachine, deliveryIgnores, deliveryTexts),
  sequencer: () => section(sequencerMachine, sequencerIgnores, sequencerTexts),
  breaker: () => section(breakerMachine, breakerIgnores, breakerTexts),
  endpoint: () => section(endpointMachine, endpointIgnores, endpointTexts),
}

/** The page with its generated parts made anew: what stands between `<!-- generated: name -->` and `<!-- end -->`. */
export function withDiagrams(page: string): string {
  let made = page
  for (const [name, make] of Object.entries(sections)) {
    const part = new RegExp(`(<!-- generated: ${name} -->\n).*?(<!-- end -->)`, 's')
    if (!part.test(made)) throw new Error(`the page has no part "generated: ${name}"`)
    made = made.replace(part, (_, start: string, end: string) => `${start}\n${make()}\n\n${end}`)
  }
  return made
}

function section<State extends string>(
  machine: AnyStateMachine,
  ignores: Readonly<Record<State, readonly string[]>>,
  texts: Texts<State>,
): string {
  const chart = readChart(machine)
  const rows = chart.states.map((state) => {
    // The records name every state; a machine with one more would not compile here.
    const name = state.name as State
    return row(state, ignores[name], texts[name])
  })
  const table = [
    '| state | meaning | seen as | takes | takes no notice of |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ]
  return ['```mermaid', toMermaid(chart), '```', '', ...table].join('\n')
}

function row({ name, tags, transitions }: ChartState, ignored: readonly string[], text: StateText): string {
  const taken = [...new Set(transitions.map(({ event }) => event))].filter((event) => !ignored.includes(event))
  const tag = tags.length === 0 ? '' : ` (${tags.join(', ')})`
  return `| ${[`\`${name}\`${tag}`, text.meaning, text.seenAs, listed(taken), listed(ignored)].join(' | ')} |`
}

function listed(events: readonly string[]): string {
  return events.length === 0 ? '—' : events.map((event) => `\`${event}\``).join(', ')
}
