import type { Transition } from '../../../src/index.ts'
import { isEndpointTransition } from '../../../src/index.ts'
import type { Facts } from '../facts.ts'

interface Line {
  /** Whose attempt is under way. */
  open: string | null
  /** The highest place delivered so far. */
  delivered: number
}

/**
 * In every line one attempt is under way at a time, and events are first delivered in the order of their places. One
 * that stepped aside (dead-lettered or refused) and was redelivered later may come after those behind it.
 */
export function checkOrder({ records, events }: Facts): string[] {
  const wrong: string[] = []
  const lines = new Map<string, Line>()
  const steppedAside = new Set<string>()
  const deliveredOnce = new Set<string>()
  for (const record of records) {
    if (isEndpointTransition(record)) continue
    const { eventId, event, to } = record
    const fact = events.get(eventId)
    if (fact === undefined) continue
    const line = lines.get(fact.lane) ?? { open: null, delivered: 0 }
    lines.set(fact.lane, line)
    if (event.type === 'attempt.started' && line.open !== null) {
      wrong.push(`${eventId} was tried while ${line.open} of its line was under way`)
    }
    line.open = openAfter(line.open, record)
    if (to === 'failed' || to === 'deadLettered') steppedAside.add(eventId)
    if (to !== 'delivered' || deliveredOnce.has(eventId)) continue
    deliveredOnce.add(eventId)
    if (steppedAside.has(eventId)) continue
    if (fact.sequence < line.delivered) {
      wrong.push(`${eventId}, place ${fact.sequence}, was delivered after place ${line.delivered}`)
    }
    line.delivered = Math.max(line.delivered, fact.sequence)
  }
  return wrong
}

function openAfter(open: string | null, { eventId, event }: Transition): string | null {
  if (event.type === 'attempt.started') return eventId
  return open === eventId && ('attempt' in event || event.type === 'event.abandoned') ? null : open
}
