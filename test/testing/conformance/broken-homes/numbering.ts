import type { LogHome } from '../../../../src/log/log-home.ts'
import { broken, reversed } from '../broken-home.ts'
import type { BrokenHome } from '../broken-home.ts'

export const numbering: readonly BrokenHome[] = [
  [
    'numbers grow from record to record, those of events and of endpoints alike',
    'endpoints are numbered on their own',
    broken((home) => ({ appendEndpoint: (draft) => ({ ...home.appendEndpoint(draft), seq: 1 }) })),
  ],
  [
    'append returns the record that is kept: the draft with its number',
    'the time is set by the home',
    broken((home) => ({ append: (draft) => home.append({ ...draft, at: '2025-01-01T00:00:01.000Z' }) })),
  ],
  [
    'append returns the record that is kept: the draft with its number',
    'entries knows only what is durable',
    broken((home) => ({
      entries: (filter) => [...home.entries(filter)].filter(({ seq }) => home.place.texts.has(seq)),
    })),
  ],
  [
    'appendAll takes all of its records, in their order',
    'the last is left out',
    broken((home) => ({ appendAll: (drafts) => home.appendAll(drafts.slice(0, -1)) })),
  ],
  [
    'appendAll takes all of its records, in their order',
    'they are returned in another order',
    broken((home) => ({ appendAll: (drafts) => reversed(home.appendAll(drafts)) })),
  ],
  [
    'a home has the optional members that are not skipped, and no other',
    'it lacks one',
    // As a home would that was written in JavaScript.
    broken(() => ({ storedEndpoints: undefined }) as unknown as Partial<LogHome>),
  ],
  [
    'a home has the optional members that are not skipped, and no other',
    'it says that it is not durable',
    broken(() => ({ durable: false })),
  ],
]
