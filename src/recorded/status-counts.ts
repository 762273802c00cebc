import { deliveryStatuses } from './delivery-statuses.ts'
import type { LogIndex } from './log-index.ts'

/** How many events of each endpoint are in each status after a record: endpoint by endpoint, in the order of the codes. */
export function countStatuses({ records, events, endpointIds }: LogIndex, last: number): Int32Array {
  const kinds = deliveryStatuses.length
  const counts = new Int32Array(endpointIds.length * kinds)
  for (let place = 0; place <= last; place += 1) {
    const event = records.eventAt(place)
    if (event === -1) continue
    const first = events.endpointOf(event) * kinds
    const from = records.fromCode(place)
    const to = first + records.toCode(place)
    counts[to] = (counts[to] ?? 0) + 1
    if (from < kinds) counts[first + from] = (counts[first + from] ?? 0) - 1
  }
  return counts
}
