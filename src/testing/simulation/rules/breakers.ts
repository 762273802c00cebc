import type { BreakerSettings } from '../../../health/breaker-settings.ts'
import type { Finding, History, LoggedRecord, RequestHistory } from '../history.ts'
import type { SimulatedEndpoint } from '../simulated-endpoint.ts'
import { meaningOf } from './outcomes.ts'
import type { Rule } from './rule.ts'

/** A breaker opens after as many failures in a row as it is set to: not before, and before anything more is sent. */
export const breakers: Rule = {
  name: 'a breaker opens when it is set to',
  *check({ history }) {
    const seen = new Set<SimulatedEndpoint>()
    for (const { endpoint } of history.requests) seen.add(endpoint)
    for (const endpoint of seen) yield* checkEndpoint(endpoint, history)
  },
}

type Moment =
  | { readonly tick: number; readonly result: RequestHistory }
  | { readonly tick: number; readonly entry: LoggedRecord }
  | { readonly tick: number; readonly fresh: true }

function* checkEndpoint(endpoint: SimulatedEndpoint, history: History): Iterable<Finding> {
  // With a log that refuses, a breaker may open late, when what it was set to is no longer known.
  const isPrompt = history.faults.appendFailures === 0
  let settings: BreakerSettings | null = null
  let isClosed = true
  let inARow = 0
  let most = 0
  for (const moment of momentsOf(endpoint, history)) {
    if ('fresh' in moment) {
      inARow = most = 0
    } else if ('result' in moment) {
      settings = moment.result.settings?.breaker ?? null
      inARow = settings === null ? 0 : counted(inARow, meaningOf(moment.result))
      most = Math.max(most, inARow)
    } else {
      const { seq, event, eventId, to } = moment.entry.record
      if (event.type === 'attempt.started' && isClosed && settings !== null && inARow >= settings.failures) {
        const message = `${eventId} went out after ${inARow} failures in a row, and the breaker was to open after ${settings.failures}`
        yield { message, seq, eventId }
      }
      if (eventId !== '') continue
      if (event.type === 'threshold.reached' && isPrompt && settings !== null && most < settings.failures) {
        yield { message: `the breaker of ${endpoint.id} opened after ${most} failures of ${settings.failures}`, seq }
      }
      isClosed = to === 'closed'
      most = 0
    }
  }
}

function counted(inARow: number, meaning: string | null): number {
  if (meaning === 'attempt.failed') return inARow + 1
  return meaning === 'attempt.interrupted' ? inARow : 0
}

function momentsOf(endpoint: SimulatedEndpoint, { requests, records }: History): Moment[] {
  const moments: Moment[] = [...endpoint.registeredTicks, ...endpoint.breakerTicks].map((tick) => ({
    tick,
    fresh: true,
  }))
  for (const result of requests) {
    if (result.endpoint === endpoint && result.resultTick !== null) moments.push({ tick: result.resultTick, result })
  }
  for (const entry of records) {
    const { endpointId, eventId, event, machine } = entry.record
    const concerns = eventId === '' ? machine.startsWith('breaker@') : event.type === 'attempt.started'
    if (endpointId === endpoint.id && concerns) moments.push({ tick: entry.tick, entry })
  }
  return moments.sort((one, other) => one.tick - other.tick)
}
