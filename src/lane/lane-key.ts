import type { Ordering } from '../endpoint/endpoint-options.ts'

/**
 * Which line of its endpoint an event waits in: the only one, that of its ordering key, or one of its own. Lines of one
 * endpoint have different keys.
 */
export function laneKeyOf(ordering: Ordering, orderingKey: string | null, eventId: string): string {
  switch (ordering) {
    case 'fifo':
      return ''
    case 'key':
      return orderingKey ?? ''
    case 'none':
      return eventId
  }
}
