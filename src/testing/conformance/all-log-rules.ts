import type { ConformanceRule } from './conformance-rule.ts'
import { committing } from './rules/committing.ts'
import { evicting } from './rules/evicting.ts'
import { largeLog } from './rules/large.ts'
import { listening } from './rules/listening.ts'
import { numbering } from './rules/numbering.ts'
import { outliving } from './rules/outliving.ts'
import { reading } from './rules/reading.ts'
import { storedEndpoints } from './rules/stored-endpoints.ts'
import { storedEvents } from './rules/stored-events.ts'
import { sweeping } from './rules/sweeping.ts'

/** What every home of the log must do. */
export const allLogRules: readonly ConformanceRule[] = [
  ...numbering,
  ...reading,
  ...listening,
  ...evicting,
  ...committing,
  ...outliving,
  ...storedEvents,
  ...sweeping,
  ...storedEndpoints,
  ...largeLog,
]
