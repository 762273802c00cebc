// For each rule of the conformance suite a home, or several, that break it and nothing else of what they can.
import type { LogHome } from '../../../src/log/log-home.ts'
import type { StoredEvent, StoredEvents, StoredTotals } from '../../../src/log/stored-events.ts'
import type { StoredEndpoints } from '../../../src/log/stored-endpoints.ts'
import type { LogFactory } from '../../../src/testing/index.ts'
import { ModelLog, type ModelPlace } from '../../support/model-log.ts'

/** A rule, what is wrong, and homes of which it is wrong. */
export type BrokenHome = readonly [rule: string, what: string, factory: LogFactory]

/** The members of a home, or of a part of one, some of them replaced. */
function withBroken<T extends object>(whole: T, broken: Partial<T>): T {
  return new Proxy(whole, {
    get(target, name) {
      const value: unknown = Reflect.get(name in broken ? broken : target, name)
      // The target's own methods read its private fields.
      return typeof value === 'function' ? (value.bind(name in broken ? broken : target) as unknown) : value
    },
  })
}

/** Homes over the model, each broken by `breaks`; `again` opens the place of one anew. */
function broken(
  breaks: (home: ModelLog) => Partial<LogHome>,
  again: (place: ModelPlace) => ModelPlace = (place) => place,
): LogFactory {
  const models = new WeakMap<LogHome, ModelLog>()
  const wrap = (model: ModelLog): LogHome => {
    const home = withBroken<LogHome>(model, breaks(model))
    models.set(home, model)
    return home
  }
  const ended = async (home: LogHome, end: (model: ModelLog) => unknown): Promise<LogHome> => {
    const model = models.get(home)!
    await end(model)
    return wrap(new ModelLog(again(model.place)))
  }
  return {
    open: () => wrap(new ModelLog()),
    reopen: (home) => ended(home, (model) => model.close()),
    crash: (home) => ended(home, (model) => model.die()),
  }
}

function brokenEvents(breaks: (events: StoredEvents, home: ModelLog) => Partial<StoredEvents>): LogFactory {
  return broken((home) => ({ storedEvents: withBroken(home.storedEvents, breaks(home.storedEvents, home)) }))
}

function brokenEndpoints(breaks: (endpoints: StoredEndpoints) => Partial<StoredEndpoints>): LogFactory {
  return broken((home) => ({ storedEndpoints: withBroken(home.storedEndpoints, breaks(home.storedEndpoints)) }))
}

function changedTexts(change: (text: string) => string): (place: ModelPlace) => ModelPlace {
  return (place) => {
    for (const [seq, text] of place.texts) place.texts.set(seq, change(text))
    return place
  }
}

function withTotals(events: StoredEvents, change: (totals: StoredTotals) => StoredTotals): Partial<StoredEvents> {
  return { totals: () => change(events.totals()) }
}

function reversed<T>(items: readonly T[]): readonly T[] {
  return [...items].reverse()
}

const forgotten = (event: StoredEvent | null): StoredEvent | null =>
  event === null ? null : { ...event, state: { ...event.state, value: 'pending' } }

const numbering: readonly BrokenHome[] = [
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

const reading: readonly BrokenHome[] = [
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

const listening: readonly BrokenHome[] = [
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

const evicting: readonly BrokenHome[] = [
  [
    'evict removes one event with all its records, durable or not, and nothing else',
    'what is not durable yet stays',
    broken((home) => ({
      evict: (eventId) => {
        const isDurable = [...home.entries({ eventId })].every(({ seq }) => home.place.texts.has(seq))
        if (isDurable) home.evict(eventId)
      },
    })),
  ],
  [
    'evict removes one event with all its records, durable or not, and nothing else',
    'the event after it goes as well',
    broken((home) => ({
      evict: (eventId) => {
        home.evict(eventId)
        home.evict(eventId.replace('1', '2'))
      },
    })),
  ],
  [
    'a number is never used again, whatever was evicted',
    'another life counts on from the last record that is left',
    broken(
      () => ({}),
      (place) => {
        place.lastSeq = Math.max(0, ...place.texts.keys())
        return place
      },
    ),
  ],
  [
    'evictEndpointRecord removes one record of an endpoint, durable or not, and nothing else',
    'it removes nothing',
    broken(() => ({ evictEndpointRecord: () => undefined })),
  ],
  [
    'evictEndpointRecord removes one record of an endpoint, durable or not, and nothing else',
    'the next goes as well',
    broken((home) => ({
      evictEndpointRecord: (seq) => {
        home.evictEndpointRecord(seq)
        home.evictEndpointRecord(seq + 1)
      },
    })),
  ],
]

const committing: readonly BrokenHome[] = [
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

const outliving: readonly BrokenHome[] = [
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

const stored: readonly BrokenHome[] = [
  [
    'an event is found, in the state that its records lead to',
    'in the state that it was submitted in',
    brokenEvents((events) => ({ find: (eventId) => forgotten(events.find(eventId)) })),
  ],
  [
    'an event is found, in the state that its records lead to',
    'a redelivery does not count as joining',
    brokenEvents((events) => ({
      find: (eventId) => {
        const found = events.find(eventId)
        return found === null ? null : { ...found, joinedSeq: found.submitted.seq }
      },
    })),
  ],
  [
    'what is evicted is gone, and what never was is not there',
    'evicted events are still had',
    brokenEvents((_, home) => {
      const had = new Set<string>()
      home.subscribe(({ eventId }) => had.add(eventId))
      return { has: (eventId) => had.has(eventId) }
    }),
  ],
  [
    'an idempotency key finds the one event of its endpoint',
    'of any endpoint',
    brokenEvents((events, home) => ({
      findByIdempotencyKey: (_, key) => {
        for (const { event, eventId } of home.entries()) {
          if (event.type === 'event.submitted' && event.idempotencyKey === key) return events.find(eventId)
        }
        return null
      },
    })),
  ],
  [
    'what waits comes in the order of its line, page by page',
    'the last first',
    brokenEvents((events) => ({
      waiting: (query) => ({ events: reversed(events.waiting(query).events), damaged: [] }),
    })),
  ],
  [
    'what waits comes in the order of its line, page by page',
    'a page begins with the last of the page before',
    brokenEvents((events) => ({ waiting: (query) => events.waiting({ ...query, afterSeq: query.afterSeq - 1 }) })),
  ],
  [
    'what waits comes in the order of its line, page by page',
    'what holds a line is left out',
    brokenEvents((events) => ({
      waiting: (query) => {
        const page = events.waiting({ ...query, limit: 1000 }).events
        return { events: page.filter(({ state }) => !state.context.holdsLine).slice(0, query.limit), damaged: [] }
      },
    })),
  ],
  [
    'what waits comes in the order of its line, page by page',
    'the line does not count',
    brokenEvents((events) => ({ waiting: (query) => events.waiting({ ...query, laneKey: undefined }) })),
  ],
  [
    'what waits comes in the order of its line, page by page',
    'one that held its line goes to the end when it is redelivered',
    brokenEvents((events, home) => ({
      waiting: (query) => {
        const read = events.waiting({ ...query, afterSeq: 0, limit: 1000 }).events.map((event) => {
          const records = [...home.entries({ eventId: event.submitted.eventId })]
          const last = records.filter((record) => record.event.type === 'redelivery.requested').at(-1)
          return last?.from === 'deadLettered' ? { ...event, joinedSeq: last.seq } : event
        })
        const sorted = read.sort((one, other) => one.joinedSeq - other.joinedSeq)
        return { events: sorted.filter((event) => event.joinedSeq > query.afterSeq).slice(0, query.limit), damaged: [] }
      },
    })),
  ],
  [
    'countAhead counts those before an event in its line',
    'with the event itself',
    brokenEvents((events) => ({ countAhead: (id, lane, seq) => events.countAhead(id, lane, seq + 1) })),
  ],
  [
    'countAhead counts those before an event in its line',
    'in all lines of the endpoint',
    brokenEvents((events) => ({
      countAhead: (endpointId, _, seq) =>
        events.waiting({ endpointId, afterSeq: 0, limit: 1000 }).events.filter(({ joinedSeq }) => joinedSeq < seq)
          .length,
    })),
  ],
  [
    'backlogs counts what waits, its bytes, and the lines that are held',
    'no bytes',
    brokenEvents((events) => ({ backlogs: () => events.backlogs().map((backlog) => ({ ...backlog, bytes: 0 })) })),
  ],
  [
    'backlogs counts what waits, its bytes, and the lines that are held',
    'one endpoint is left out',
    brokenEvents((events) => ({ backlogs: () => events.backlogs().slice(1) })),
  ],
  [
    'backlogs counts what waits, its bytes, and the lines that are held',
    'lines that are held count as waiting',
    brokenEvents((events) => ({
      backlogs: () => events.backlogs().map((backlog) => ({ ...backlog, events: backlog.events + backlog.heldLines })),
    })),
  ],
  [
    'deadLetters gives an endpoint’s, those that settled first first',
    'the last first',
    brokenEvents((events) => ({ deadLetters: (endpointId) => reversed(events.deadLetters(endpointId)) })),
  ],
  [
    'deadLetters gives an endpoint’s, those that settled first first',
    'those that hold a line are left out',
    brokenEvents((events) => ({
      deadLetters: (id) => events.deadLetters(id).filter(({ state }) => !state.context.holdsLine),
    })),
  ],
  [
    'unsettled gives what is not settled, in the order of submission',
    'more than were asked for',
    brokenEvents((events) => ({ unsettled: (limit) => events.unsettled(limit + 1) })),
  ],
  [
    'scan gives all events by submission, page by page, from either end',
    'from one end only',
    brokenEvents((events) => ({ scan: (query) => events.scan({ ...query, order: 'oldest' }) })),
  ],
  [
    'scan gives all events by submission, page by page, from either end',
    'a page begins with the last event of the one before',
    brokenEvents((events) => ({
      scan: (query) => {
        const page = events.scan(query)
        const step = query.order === 'newest' ? 1 : -1
        return { ...page, lastSeq: page.lastSeq === null ? null : page.lastSeq + step * (query.limit > 1 ? 1 : 0) }
      },
    })),
  ],
  [
    'scan gives all events by submission, page by page, from either end',
    'one that was redelivered is still in the state in which it had settled',
    brokenEvents((events) => ({
      scan: (query) => {
        const { events: scanned, lastSeq } = events.scan(query)
        const isRedelivered = (id: string): boolean =>
          (events.find(id)?.joinedSeq ?? 0) > events.find(id)!.submitted.seq
        return {
          events: scanned.map((event) => (isRedelivered(event.eventId) ? { ...event, status: 'delivered' } : event)),
          lastSeq,
        }
      },
    })),
  ],
  [
    'lastSequence is the last place given, evicted or not',
    'the last that is left',
    brokenEvents((_, home) => ({
      lastSequence: (endpointId, laneKey) => {
        let last = 0
        for (const { event } of home.entries({ endpointId })) {
          if (event.type !== 'event.submitted') continue
          const key = event.ordering === 'key' ? (event.orderingKey ?? '') : ''
          if (key === laneKey) last = event.sequence
        }
        return last
      },
    })),
  ],
  [
    'totals counts what was submitted and attempted ever, and what is settled and kept',
    'what was evicted does not count',
    brokenEvents((events, home) =>
      withTotals(events, (totals) => ({
        ...totals,
        submitted: [...home.entries()].filter(({ from }) => from === null).length,
      })),
    ),
  ],
  [
    'totals counts what was submitted and attempted ever, and what is settled and kept',
    'dead letters are failures',
    brokenEvents((events) =>
      withTotals(events, ({ settled: { delivered, failed, deadLettered }, ...totals }) => ({
        ...totals,
        settled: { delivered, failed: failed + deadLettered, deadLettered: 0 },
      })),
    ),
  ],
].map(([rule, what, factory]) => [`stored events: ${rule as string}`, what, factory] as BrokenHome)

const sweeping: readonly BrokenHome[] = [
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

const endpoints: readonly BrokenHome[] = [
  [
    'stored endpoints come back in the order of registration, with everything that was put',
    'by their ids',
    brokenEndpoints((stored) => ({
      all: () => [...stored.all()].sort((one, other) => (one.endpointId < other.endpointId ? -1 : 1)),
    })),
  ],
  [
    'stored endpoints come back in the order of registration, with everything that was put',
    'only with the current secret',
    brokenEndpoints((stored) => ({
      put: (endpoint, at) => stored.put({ ...endpoint, secrets: endpoint.secrets.slice(0, 1) }, at),
    })),
  ],
  [
    'a stored endpoint that is put again is changed, and keeps its place',
    'it goes to the end',
    brokenEndpoints((stored) => ({
      put: (endpoint, at) => {
        stored.remove(endpoint.endpointId, at)
        stored.put(endpoint, at)
      },
    })),
  ],
  [
    'a stored endpoint that is removed is gone, and one put under its id later is new',
    'it stays',
    brokenEndpoints(() => ({ remove: () => undefined })),
  ],
  [
    'what is put and removed is numbered among the records, and is none of events',
    'it has no number',
    brokenEndpoints(() => ({ put: () => undefined, remove: () => undefined, all: () => [] })),
  ],
]

const large: readonly BrokenHome[] = [
  [
    'a log of 100,000 records is read whole and in order, and one event of it at once',
    'it ends after 65,536',
    broken((home) => ({ entries: (filter) => [...home.entries(filter)].slice(0, 65_536) })),
  ],
]

export const brokenHomes: readonly BrokenHome[] = [
  ...numbering,
  ...reading,
  ...listening,
  ...evicting,
  ...committing,
  ...outliving,
  ...stored,
  ...sweeping,
  ...endpoints,
  ...large,
]
