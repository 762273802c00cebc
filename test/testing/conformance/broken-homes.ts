// For each rule of the conformance suite a home, or several, that break it and nothing else of what they can.
import type { BrokenHome } from './broken-home.ts'
import { committing } from './broken-homes/committing.ts'
import { evicting } from './broken-homes/evicting.ts'
import { large } from './broken-homes/large.ts'
import { listening } from './broken-homes/listening.ts'
import { numbering } from './broken-homes/numbering.ts'
import { outliving } from './broken-homes/outliving.ts'
import { reading } from './broken-homes/reading.ts'
import { storedEndpoints } from './broken-homes/stored-endpoints.ts'
import { storedEvents } from './broken-homes/stored-events.ts'
import { sweeping } from './broken-homes/sweeping.ts'

/** In the order of the rules. */
export const brokenHomes: readonly BrokenHome[] = [
  ...numbering,
  ...reading,
  ...listening,
  ...evicting,
  ...committing,
  ...outliving,
  ...storedEvents,
  ...sweeping,
  ...storedEndpoints,
  ...large,
]
