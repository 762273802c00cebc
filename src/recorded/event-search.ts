import { statusCode } from './delivery-statuses.ts'
import type { LogIndex } from './log-index.ts'
import type { EventQuery } from './recorded-event.ts'

const defaultLimit = 100

/** The numbers of the events that a query asks for, as they were after a record; and whether there are more. */
export function searchEvents(index: LogIndex, last: number, query: EventQuery): { events: number[]; more: boolean } {
  const { limit = defaultLimit, after, order = 'newest' } = query
  const events: number[] = []
  const submitted = submittedUpTo(index, last)
  const step = order === 'newest' ? -1 : 1
  const first = order === 'newest' ? submitted - 1 : 0
  const fits = filterOf(index, last, query)
  let event = after === undefined ? first : index.events.numberOf(after) + step
  for (; event >= 0 && event < submitted; event += step) {
    if (!fits(event)) continue
    if (events.length === limit) return { events, more: true }
    events.push(event)
  }
  return { events, more: false }
}

/** How many events there are then; they are numbered in the order of their first records. */
function submittedUpTo({ events, ofEvents }: LogIndex, last: number): number {
  let low = 0
  let high = events.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ofEvents.countUpTo(middle, last) > 0) low = middle + 1
    else high = middle
  }
  return low
}

function filterOf(index: LogIndex, last: number, { endpointId, status, text }: EventQuery): (event: number) => boolean {
  const { events, ofEvents, records } = index
  const endpoint = endpointId === undefined ? null : index.endpointNumber(endpointId)
  const code = status === undefined ? null : statusCode(status)
  const part = text?.toLowerCase() ?? ''
  return (event) => {
    if (endpoint !== null && events.endpointOf(event) !== endpoint) return false
    if (code !== null && records.toCode(ofEvents.lastUpTo(event, last)) !== code) return false
    return part === '' || events.matches(event, part)
  }
}
