import { brokenEvents } from '../broken-home.ts'
import type { BrokenHome } from '../broken-home.ts'

export const sweeping: readonly BrokenHome[] = [
  [
    'sweep takes no event that waits or holds a line, and none whose time has not come',
    'one that waits is taken',
    brokenEvents((events, home) => ({
      sweep: (policy) => {
        const [first] = events.unsettled(1)
        if (first !== undefined) home.evict(first.eventId)
        return events.sweep(policy)
      },
    })),
  ],
  [
    'sweep takes no event that waits or holds a line, and none whose time has not come',
    'one that holds its line is taken',
    brokenEvents((events, home) => ({
      sweep: (policy) => {
        for (const { endpointId } of events.backlogs()) {
          for (const { submitted, state } of events.deadLetters(endpointId)) {
            if (state.context.holdsLine) home.evict(submitted.eventId)
          }
        }
        return events.sweep(policy)
      },
    })),
  ],
  [
    'sweep takes no event whose next record is not durable yet',
    'it goes by what is durable',
    brokenEvents((_, home) => ({
      sweep: (policy) =>
        home.place.events.sweep(
          policy,
          () => true,
          (eventId) => home.evict(eventId),
        ),
    })),
  ],
  [
    'sweep leaves as many settled events, and as many dead letters, as the policy keeps: the last that settled',
    'one more',
    brokenEvents((events) => ({
      sweep: (policy) => events.sweep({ ...policy, settledEvents: policy.settledEvents + 1 }),
    })),
  ],
  [
    'sweep leaves as many settled events, and as many dead letters, as the policy keeps: the last that settled',
    'dead letters count as settled events',
    brokenEvents((events) => ({
      sweep: (policy) => events.sweep({ ...policy, deadLetters: policy.settledEvents }),
    })),
  ],
  [
    'sweep leaves as many settled events, and as many dead letters, as the policy keeps: the last that settled',
    'the number that it says it removed is wrong',
    brokenEvents((events) => ({
      sweep: (policy) => ({ ...events.sweep(policy), removed: { delivered: 0, failed: 0, deadLettered: 0 } }),
    })),
  ],
  [
    'sweep removes what settled before the policy’s times, dead letters by a time of their own',
    'by the same time',
    brokenEvents((events) => ({
      sweep: (policy) => events.sweep({ ...policy, deadLettersBeforeMs: policy.settledBeforeMs }),
    })),
  ],
]
