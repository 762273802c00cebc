import type { Counters } from './counters.ts'
import type { Group } from './group.ts'

/** What the readers of the file need to know of the home beside the file. */
export interface CommittedState {
  /** What is not committed at the moment. */
  readonly group: Group
  /** As they were committed last. */
  readonly counters: Counters
  /** Whether groups are committed at the moment. */
  readonly writable: boolean
  /** Something was put into the group, and is to be committed. */
  wanted(): void
}
