import type { LogHome } from '../../../../src/log/log-home.ts'
import { broken } from '../broken-home.ts'
import type { BrokenHome } from '../broken-home.ts'

export const listening: readonly BrokenHome[] = [
  [
    'subscribers hear of each record once, in order, and never within the append',
    'they hear within the append',
    broken((home) => {
      const listeners: ((record: ReturnType<LogHome['append']>) => void)[] = []
      return {
        subscribe: (listener) => {
          listeners.push(listener)
          return () => undefined
        },
        append: (draft) => {
          const record = home.append(draft)
          for (const listener of listeners) listener(record)
          return record
        },
      }
    }),
  ],
  [
    'subscribers hear of each record once, in order, and never within the append',
    'they hear twice',
    broken((home) => ({
      subscribe: (listener) => {
        home.subscribe(listener)
        return home.subscribe(listener)
      },
    })),
  ],
  [
    'who ends a subscription hears nothing more of it, and everyone else goes on hearing',
    'it does not end',
    broken((home) => ({
      subscribe: (listener) => {
        home.subscribe(listener)
        return () => undefined
      },
    })),
  ],
  [
    'what a subscriber throws is reported, and keeps nobody else from hearing',
    'it is swallowed',
    broken(() => ({ onListenerError: () => undefined })),
  ],
  [
    'a subscriber that is no function is refused',
    'it is taken',
    broken((home) => ({ subscribe: (listener) => home.subscribe(listener ?? (() => undefined)) })),
  ],
  [
    'a subscriber may append as it hears, and hears of that too',
    'what is appended as one hears is not told',
    broken((home) => ({
      subscribe: (listener) => {
        let hearing = false
        return home.subscribe((record) => {
          if (hearing) return
          hearing = true
          listener(record)
        })
      },
    })),
  ],
]
