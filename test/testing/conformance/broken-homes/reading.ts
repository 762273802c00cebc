import { broken } from '../broken-home.ts'
import type { BrokenHome } from '../broken-home.ts'

export const reading: readonly BrokenHome[] = [
  [
    'entries gives the records of one event, of one endpoint, from one number on, or what fits all of these',
    'with an event, the endpoint does not count',
    broken((home) => ({
      entries: (filter) => home.entries(filter?.eventId === undefined ? filter : { ...filter, endpointId: undefined }),
    })),
  ],
  [
    'entries gives the records of one event, of one endpoint, from one number on, or what fits all of these',
    'the first number is left out',
    broken((home) => ({
      entries: (filter) => [...home.entries(filter)].filter(({ seq }) => seq !== filter?.fromSeq),
    })),
  ],
  [
    'endpointEntries gives the endpoints’ own records, of one endpoint, from one number on, or what fits both',
    'the first number does not count',
    broken((home) => ({ endpointEntries: (filter) => home.endpointEntries({ ...filter, fromSeq: 0 }) })),
  ],
  [
    'a filter that is none is refused at once, not when it is read',
    'it is refused as it is read',
    broken((home) => ({
      *entries(filter) {
        yield* home.entries(filter)
      },
    })),
  ],
  [
    'a log may be appended to and evicted from while it is read: what stays is read once, in order',
    'what is read was copied at the start',
    broken((home) => ({ entries: (filter) => [...home.entries(filter)] })),
  ],
  [
    'a reader that pauses misses nothing, and reads nothing twice, whatever is made durable meanwhile',
    'what was durable at the start is read first, and then what is not durable',
    broken((home) => ({
      *entries(filter) {
        const durable = new Set(home.place.texts.keys())
        for (const record of home.entries(filter)) if (durable.has(record.seq)) yield record
        for (const record of home.entries(filter)) if (!home.place.texts.has(record.seq)) yield record
      },
    })),
  ],
]
