import type { ModelPlace } from '../../../support/model-log.ts'
import { broken } from '../broken-home.ts'
import type { BrokenHome } from '../broken-home.ts'

function changedTexts(change: (text: string) => string): (place: ModelPlace) => ModelPlace {
  return (place) => {
    for (const [seq, text] of place.texts) place.texts.set(seq, change(text))
    return place
  }
}

export const outliving: readonly BrokenHome[] = [
  [
    'records are kept as they were given: every kind of step, every field, any text',
    'a text ends at its first zero',
    broken((home) => ({
      entries: (filter) =>
        Array.from(
          home.entries(filter),
          // A record with some text cut out of it is a record.
          (record) => JSON.parse(JSON.stringify(record).replace(/\\u0000/g, '')) as typeof record,
        ),
    })),
  ],
  [
    'opened again, a log has the same records under the same numbers, each to the byte',
    'half a surrogate pair becomes a question mark',
    broken(
      () => ({}),
      changedTexts((text) => text.replace('\\ud83d', '\ufffd')),
    ),
  ],
  [
    'opened again, a log has the same records under the same numbers, each to the byte',
    'a field is lost',
    broken(
      () => ({}),
      changedTexts((text) => text.replace(',"rateLimitedMs":12.5', '')),
    ),
  ],
  [
    'opened again, a log goes on: later numbers, and evictions stay',
    'an eviction is forgotten',
    broken((home) => ({
      evict: (eventId) => {
        const texts = [...home.entries({ eventId })].map((record) => [record.seq, JSON.stringify(record)] as const)
        home.evict(eventId)
        home.afterCommit(() => texts.forEach(([seq, text]) => home.place.texts.set(seq, text)))
      },
    })),
  ],
  [
    'close makes durable what was appended before, and may be called twice',
    'what was not flushed is dropped',
    broken((home) => ({
      close: () => {
        home.die()
        return Promise.resolve()
      },
    })),
  ],
  [
    'close makes durable what was appended before, and may be called twice',
    'the second call is refused',
    broken((home) => {
      let closed = false
      return {
        close: () => {
          if (closed) return Promise.reject(new Error('it was closed'))
          closed = true
          return home.close()
        },
      }
    }),
  ],
  [
    'a crash loses nothing that was flushed, and of the rest it keeps no record without those before it',
    'flush does not wait for the commit',
    broken(() => ({ flush: () => Promise.resolve() })),
  ],
  [
    'a crash loses nothing that was flushed, and of the rest it keeps no record without those before it',
    'endpoints’ records are written at once',
    broken((home) => ({
      appendEndpoint: (draft) => {
        const record = home.appendEndpoint(draft)
        home.place.texts.set(record.seq, JSON.stringify(record))
        return record
      },
    })),
  ],
  [
    'a crash keeps all that one appendAll took, or nothing of it',
    'half of them are written first',
    broken((home) => ({
      appendAll: (drafts) => {
        const first = home.appendAll(drafts.slice(0, drafts.length >> 1))
        home.commit()
        return [...first, ...home.appendAll(drafts.slice(drafts.length >> 1))]
      },
    })),
  ],
  [
    'a home that was closed refuses whatever it is asked, with a StorageError',
    'it still reads',
    broken((home) => {
      const events = home.entries()
      return { entries: () => events }
    }),
  ],
]
