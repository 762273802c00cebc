import { broken } from '../broken-home.ts'
import type { BrokenHome } from '../broken-home.ts'

export const evicting: readonly BrokenHome[] = [
  [
    'evict removes one event with all its records, durable or not, and nothing else',
    'what is not durable yet stays',
    broken((home) => ({
      evict: (eventId) => {
        const isDurable = [...home.entries({ eventId })].every(({ seq }) => home.place.texts.has(seq))
        if (isDurable) home.evict(eventId)
      },
    })),
  ],
  [
    'evict removes one event with all its records, durable or not, and nothing else',
    'the event after it goes as well',
    broken((home) => ({
      evict: (eventId) => {
        home.evict(eventId)
        home.evict(eventId.replace('1', '2'))
      },
    })),
  ],
  [
    'a number is never used again, whatever was evicted',
    'another life counts on from the last record that is left',
    broken(
      () => ({}),
      (place) => {
        place.lastSeq = Math.max(0, ...place.texts.keys())
        return place
      },
    ),
  ],
  [
    'evictEndpointRecord removes one record of an endpoint, durable or not, and nothing else',
    'it removes nothing',
    broken(() => ({ evictEndpointRecord: () => undefined })),
  ],
  [
    'evictEndpointRecord removes one record of an endpoint, durable or not, and nothing else',
    'the next goes as well',
    broken((home) => ({
      evictEndpointRecord: (seq) => {
        home.evictEndpointRecord(seq)
        home.evictEndpointRecord(seq + 1)
      },
    })),
  ],
  [
    "lastEvictedSeq is the greatest number of an event's record that was removed, and no endpoint's",
    'it is forgotten with the process',
    broken(
      () => ({}),
      (place) => {
        place.lastEvictedSeq = 0
        return place
      },
    ),
  ],
  [
    "lastEvictedSeq is the greatest number of an event's record that was removed, and no endpoint's",
    'it is known only once it is durable',
    broken((home) => ({
      get lastEvictedSeq() {
        return home.place.lastEvictedSeq
      },
    })),
  ],
]
