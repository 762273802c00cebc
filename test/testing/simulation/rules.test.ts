// Each rule is shown a run that keeps every promise, and the same run with one thing changed in its history.
import { beforeAll, describe, expect, test } from 'vitest'
import type { Transition } from '../../../src/log/transition.ts'
import { allRules } from '../../../src/testing/simulation/all-rules.ts'
import type { EventHistory, RequestHistory } from '../../../src/testing/simulation/history.ts'
import type { Facts } from '../../../src/testing/simulation/rules/rule.ts'
import { Simulation } from '../../../src/testing/simulation/simulation.ts'
import { resolveSimulation } from '../../../src/testing/simulation/simulation-options.ts'

async function liveThrough(): Promise<Facts> {
  const resolved = resolveSimulation({
    seed: 3,
    endpoints: [{ failureRate: 0.4 }, { failureRate: 0.3, options: { ordering: 'key', signing: { sequence: true } } }],
    events: 40,
    faults: 'none',
    service: { retry: { jitter: 0 } },
    operations: false,
  })
  const simulation = new Simulation(resolved)
  await simulation.run()
  const { store } = simulation.log
  const kept = [...store.entries(), ...store.endpointEntries()].sort((one, other) => one.seq - other.seq)
  return { history: simulation.history, settings: resolved.settings, kept }
}

/** What the rule finds in a run that `change` has changed. */
async function findings(rule: string, change: (facts: Facts) => Partial<Facts> | undefined): Promise<string[]> {
  const facts = await liveThrough()
  const changed = { ...facts, ...change(facts) }
  const { check } = allRules.find(({ name }) => name === rule)!
  return [...check(changed)].map(({ message }) => message)
}

function events({ history }: Facts): EventHistory[] {
  return [...history.events.values()]
}

/** The first event that was delivered at its first attempt, and its request. */
function plainEvent(facts: Facts): { event: EventHistory; request: RequestHistory } {
  const event = events(facts).find(({ state, requests }) => state.value === 'delivered' && requests.length === 1)!
  return { event, request: event.requests[0]! }
}

/** The same request, changed, wherever the history has it. */
function replaceRequest(facts: Facts, request: RequestHistory, change: Partial<RequestHistory>): Partial<Facts> {
  const changed = { ...request, ...change }
  const { requests } = facts.history
  requests[requests.indexOf(request)] = changed
  const own = facts.history.events.get(request.eventId)!.requests
  own[own.indexOf(request)] = changed
  return {}
}

let unchanged: Facts
beforeAll(async () => {
  unchanged = await liveThrough()
})

test.each(allRules.map((rule) => [rule.name, rule] as const))('accepts a right run: %s', (_, { check }) => {
  expect([...check(unchanged)]).toEqual([])
})

describe('finds', () => {
  test.each<[string, string, (facts: Facts) => Partial<Facts> | undefined, RegExp]>([
    [
      'an event that was acknowledged and is not in the log',
      'what is acknowledged is logged, and nothing else',
      ({ history }) => {
        const call = history.submissions.find(({ eventIds }) => eventIds.length > 0)!
        history.events.delete(call.eventIds[0]!)
        return undefined
      },
      /returned evt_\d+, which was not in the log/,
    ],
    [
      'an event that nobody submitted',
      'what is acknowledged is logged, and nothing else',
      ({ history }) => {
        history.submissions.shift()
        return undefined
      },
      /nobody submitted evt_/,
    ],
    [
      'a refused call that stored something',
      'what is acknowledged is logged, and nothing else',
      ({ history }) => {
        const call = history.submissions.find(({ eventIds }) => eventIds.length > 0)!
        call.outcome = 'refused'
        return undefined
      },
      /was refused, and evt_\d+ was stored/,
    ],
    [
      'other bytes in the log than were submitted',
      'what is acknowledged is logged, and nothing else',
      ({ history }) => {
        const index = history.submissions.findIndex(({ eventIds }) => eventIds.length > 0)
        history.submissions[index] = { ...history.submissions[index]!, payloadText: '{"number":0}' }
        return undefined
      },
      /is not what .* submitted/,
    ],
    [
      'two events of one key',
      'an idempotency key makes one event',
      ({ history }) => {
        const event = [...history.events.values()].find(({ submitted }) => submitted.event.idempotencyKey !== null)!
        history.events.set('evt_x', { ...event, eventId: 'evt_x', records: event.records.slice(0, 1) })
        return undefined
      },
      /and evt_x have one key/,
    ],
    [
      'a delivery that the endpoint did not accept',
      'what is delivered was accepted',
      (facts) => replaceRequest(facts, plainEvent(facts).request, { status: 500 }),
      /succeeded, and its endpoint did not accept it/,
    ],
    [
      'a request that left before it was logged',
      'a request is logged before it leaves',
      (facts) => {
        const { request } = plainEvent(facts)
        const logged = { ...request.logged!, value: 'pending' as const }
        return replaceRequest(facts, request, { logged })
      },
      /left, and the log said pending/,
    ],
    [
      'a request of the attempt before',
      'attempts follow one another, each ended once',
      (facts) => {
        const { event, request } = plainEvent(facts)
        event.requests.push({ ...request })
        return undefined
      },
      /was sent twice/,
    ],
    [
      'an attempt that never ended',
      'attempts follow one another, each ended once',
      (facts) => {
        const event = events(facts).find(({ requests }) => requests.length > 1)!
        event.records.splice(2, 1)
        return undefined
      },
      /began before 1 had ended/,
    ],
    [
      'a failure that was logged as a success',
      'an attempt ends as it was answered',
      (facts) => {
        const result = { kind: 'answered', status: 500, retryAfter: null, snippet: null } as const
        return replaceRequest(facts, plainEvent(facts).request, { result })
      },
      /was logged as attempt.succeeded, and what came was/,
    ],
    [
      'an event that was given up too soon',
      'no event is tried more often than its policy says',
      (facts) => {
        const { event } = plainEvent(facts)
        const last = event.records.at(-1)!
        // Every record of an event is a transition.
        const record = { ...last.record, to: 'deadLettered' } as Transition
        event.records.push({ ...last, record })
        return undefined
      },
      /was given up after 1 attempts of 5/,
    ],
    [
      'an event that was accepted twice without need',
      'duplicates come of doubt or of a person',
      (facts) => {
        const event = events(facts).find(({ requests }) => requests.length > 1)!
        return replaceRequest(facts, event.requests[0]!, { status: 200 })
      },
      /was accepted, and the log says HTTP 500/,
    ],
    [
      'an event that was accepted before the one ahead of it',
      'first successes come in the order submitted',
      (facts) => {
        const [first, second] = events(facts).filter(({ endpoint }) => endpoint.index === 1)
        const { arrivedTick } = first!.requests.at(-1)!
        return replaceRequest(facts, second!.requests.at(-1)!, { arrivedTick: arrivedTick! - 1 })
      },
      /was accepted before evt_\d+, which is ahead of it/,
    ],
    [
      'a place that was left out',
      'places in a line follow one another',
      (facts) => {
        const [first] = events(facts)
        facts.history.events.delete(first!.eventId)
        return undefined
      },
      /got place 2, not 1/,
    ],
    [
      'two requests of a line at once',
      'one request of a line is in flight',
      (facts) => {
        const event = events(facts).find(({ requests }) => requests.length > 1)!
        return replaceRequest(facts, event.requests[0]!, { resultTick: Infinity })
      },
      /was sent while evt_\d+ of its line was in flight/,
    ],
    [
      'a request past an open breaker',
      'nothing goes to an endpoint that is held',
      (facts) => {
        const { event, request } = plainEvent(facts)
        const entry = event.records[0]!
        const record = {
          ...entry.record,
          eventId: '',
          attempts: 0,
          event: { type: 'cooldown.elapsed', at: entry.record.at },
          from: 'closed',
          to: 'open',
          machine: 'breaker@1',
        } as const
        const index = facts.history.records.findIndex(({ tick }) => tick > request.sentTick)
        facts.history.records.splice(index, 0, { ...entry, record, tick: request.sentTick - 0.5 })
        return undefined
      },
      /left while ep_\d was active and its breaker open/,
    ],
    [
      'an attempt that outlived its deadline',
      'an attempt ends by its deadline',
      (facts) => replaceRequest(facts, plainEvent(facts).request, { resultMs: Infinity }),
      /its deadline was 30000 ms/,
    ],
    [
      'a delay that is not the policy’s',
      'a delay is what the policy and the endpoint ask for',
      (facts) => {
        const event = events(facts).find(({ requests }) => requests.length > 1)!
        return replaceRequest(facts, event.requests[0]!, { askedMs: 60_000 })
      },
      /was to wait 1000 ms after attempt 1, not 60000 to 60000/,
    ],
    [
      'an attempt before its time',
      'no attempt begins before it is due',
      (facts) => {
        const event = events(facts).find(({ requests }) => requests.length > 1)!
        event.records[3] = { ...event.records[3]!, elapsedMs: event.records[2]!.elapsedMs }
        return undefined
      },
      /was tried again after 0 ms, and was due at/,
    ],
    [
      'more requests than a rate limit lets through',
      'rate limits hold',
      ({ settings }) => ({ settings: { ...settings, rateLimit: { perSecond: 0.001, burst: 1 } } }),
      /left before the rate limit of the service let it go/,
    ],
    [
      'a probe before its time',
      'no breaker lets a probe through before its time',
      ({ history }) => {
        const [entry] = history.records
        const [at, reopensAt] = ['2025-01-01T00:00:00.000Z', '2025-01-01T00:01:00.000Z']
        const own = { ...entry!.record, eventId: '', attempts: 0, machine: 'breaker@1' } as const
        const opened = { type: 'threshold.reached', at, failures: 1, reopensAt } as const
        const elapsed = { type: 'cooldown.elapsed', at } as const
        history.records.push(
          { ...entry!, record: { ...own, event: opened, from: 'closed', to: 'open' } },
          { ...entry!, record: { ...own, event: elapsed, from: 'open', to: 'halfOpen' } },
        )
        return undefined
      },
      /let a probe through after 0 ms/,
    ],
    [
      'a breaker that stays closed',
      'a breaker opens when it is set to',
      (facts) => {
        const breaker = { failures: 1, cooldownMs: 1000 }
        for (const request of facts.history.requests) request.settings = { ...request.settings!, breaker }
        return undefined
      },
      /went out after 1 failures in a row, and the breaker was to open after 1/,
    ],
    [
      'failures that nobody counts',
      'an endpoint is disabled when it is gone or only fails',
      (facts) => {
        const autoDisable = { afterMs: 1000, warningMs: 0 }
        for (const request of facts.history.requests) request.settings = { ...request.settings!, autoDisable }
        return undefined
      },
      /called for failures.began of ep_/,
    ],
    [
      'an attempt that is given up early',
      'an attempt ends by its deadline',
      (facts) => {
        const result = { kind: 'failed', reason: 'timeout', message: '', reach: 'unknown' } as const
        return replaceRequest(facts, plainEvent(facts).request, { result })
      },
      /was given up after \d+ ms of \d+/,
    ],
    [
      'a subscriber that was passed over',
      'what is acknowledged is logged, and nothing else',
      ({ history }) => {
        const call = history.submissions.find(({ eventIds }) => eventIds.length > 0)!
        const { endpoint } = [...history.events.values()].find((event) => event.endpoint !== call.endpoints[0])!
        history.submissions[history.submissions.indexOf(call)] = { ...call, enabled: [endpoint] }
        return undefined
      },
      /made no event for ep_/,
    ],
    [
      'other bytes than were submitted',
      'every request carries the submitted bytes, signed',
      (facts) => replaceRequest(facts, plainEvent(facts).request, { body: '{}' }),
      /carried other bytes than were submitted/,
    ],
    [
      'a signature of another secret',
      'every request carries the submitted bytes, signed',
      (facts) => replaceRequest(facts, plainEvent(facts).request, { secrets: ['another'] }),
      /had no valid webhook-signature/,
    ],
    [
      'a record that was changed',
      'the log is only appended to',
      ({ kept }) => ({ kept: kept.map((record) => (record.seq === 2 ? { ...record, at: '' } : record)) }),
      /record 2 was changed/,
    ],
    [
      'a record that is gone',
      'the log is only appended to',
      ({ kept }) => ({ kept: kept.filter(({ seq }) => seq !== 2) }),
      /record 2 is gone/,
    ],
  ])('%s', async (_, rule, change, message) => {
    expect(await findings(rule, change)).toContainEqual(expect.stringMatching(message))
  })
})
