import { broken } from '../broken-home.ts'
import type { BrokenHome } from '../broken-home.ts'

export const committing: readonly BrokenHome[] = [
  [
    'flush resolves with nothing to do, as often as it is asked, and during another one',
    'only the first resolves',
    broken((home) => {
      let asked = false
      return {
        flush: () => {
          if (asked) return Promise.reject(new Error('one at a time'))
          asked = true
          return home.flush()
        },
      }
    }),
  ],
  [
    'afterCommit acts later, never at once, in the order asked for, and before flush resolves',
    'at once',
    broken(() => ({ afterCommit: (act) => act(null) })),
  ],
  [
    'afterCommit acts later, never at once, in the order asked for, and before flush resolves',
    'the last asked first',
    broken((home) => {
      const acts: (() => void)[] = []
      return {
        afterCommit: (act) => {
          acts.unshift(() => act(null))
          if (acts.length > 1) return
          home.afterCommit(() => {
            for (const each of acts.splice(0)) each()
          })
        },
      }
    }),
  ],
  [
    'what afterCommit calls may append, and ask again',
    'what it asks is done at once',
    broken((home) => {
      let acting = false
      return {
        afterCommit: (act) => {
          if (acting) act(null)
          else
            home.afterCommit(() => {
              acting = true
              act(null)
              acting = false
            })
        },
      }
    }),
  ],
  [
    'when afterCommit calls, a crash takes nothing of what was appended before it was asked',
    'before the commit',
    broken(() => ({ afterCommit: (act) => queueMicrotask(() => act(null)) })),
  ],
]
