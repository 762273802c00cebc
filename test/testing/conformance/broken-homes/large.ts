import { broken } from '../broken-home.ts'
import type { BrokenHome } from '../broken-home.ts'

export const large: readonly BrokenHome[] = [
  [
    'a log of 100,000 records is read whole and in order, and one event of it at once',
    'it ends after 65,536',
    broken((home) => ({ entries: (filter) => [...home.entries(filter)].slice(0, 65_536) })),
  ],
]
