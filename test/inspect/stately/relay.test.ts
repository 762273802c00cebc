import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StatelyMessage } from '../../../src/inspect/stately/message-writer.ts'
import { Relay } from '../../../src/inspect/stately/relay.ts'
import { caughtUp, startWatchedEngine } from './watched-engine.ts'
import { Watcher } from './watcher.ts'
import type { Message } from './watcher.ts'

/** What happens to the actors of a test: one is born, moves to a state, or stops. */
const steps = fc.array(fc.tuple(fc.constantFrom('born', 'moves', 'stops'), fc.nat(5), fc.nat(9)), { maxLength: 200 })

function* messagesOf(all: readonly (readonly [string, number, number])[]): Iterable<StatelyMessage> {
  const living = new Map<number, string>()
  let born = 0
  for (const [kind, actor, state] of all) {
    const session = living.get(actor)
    if (kind === 'born' && session === undefined) {
      const sessionId = `s${(born += 1)}`
      living.set(actor, sessionId)
      yield messageOf('@xstate.actor', sessionId, {
        name: `a${actor}`,
        definition: '{}',
        snapshot: { status: 'active', value: state },
      })
    } else if (kind !== 'born' && session !== undefined) {
      const stops = kind === 'stops'
      if (stops) living.delete(actor)
      const snapshot = { status: stops ? 'stopped' : 'active', value: state }
      yield messageOf('@xstate.snapshot', session, { snapshot }, stops)
    }
  }
}

function messageOf(type: StatelyMessage['type'], sessionId: string, rest: object, stops = false): StatelyMessage {
  return { type, sessionId, stops, text: JSON.stringify({ type, sessionId, ...rest }) }
}

function watcherOf(texts: Iterable<{ text: string }>): Watcher {
  const watcher = new Watcher()
  for (const { text } of texts) watcher.take(JSON.parse(text) as Message)
  return watcher
}

const living = ({ actors }: Watcher) =>
  [...actors].filter(([, { status }]) => status !== 'stopped').map(([id, { states }]) => [id, states.at(-1)])

test('whoever comes late knows every living actor in its state, however little is kept', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 20 }), (all, kept) => {
      const relay = new Relay({ messages: kept, characters: 1_000_000 })
      const everything = [...messagesOf(all)]
      for (const message of everything) relay.push(message)
      expect(living(watcherOf(relay.since(0))).sort()).toEqual(living(watcherOf(everything)).sort())
    }),
  )
})

test('whoever goes on after a message misses nothing and hears nothing twice', () => {
  fc.assert(
    fc.property(steps, fc.nat(200), (all, after) => {
      const relay = new Relay()
      const everything = [...messagesOf(all)]
      for (const message of everything) relay.push(message)
      const from = Math.min(after, everything.length)
      expect(Array.from(relay.since(from), ({ text }) => text)).toEqual(everything.slice(from).map(({ text }) => text))
    }),
  )
})

test('a number of another relay counts as none', () => {
  const relay = new Relay()
  relay.push(messageOf('@xstate.actor', 's1', {}))
  expect([...relay.since(99)]).toHaveLength(1)
})

test('keeps no more text than it may', () => {
  const relay = new Relay({ messages: 1000, characters: 1000 })
  for (let place = 0; place < 100; place += 1) relay.push(messageOf('@xstate.event', 's1', { text: 'x'.repeat(100) }))
  expect([...relay.since(0)].length).toBeLessThan(8)
})

test('after thousands of messages a late viewer gets the definition of every actor it hears of', async () => {
  const { service, register, clock, feed, watch } = startWatchedEngine({ maxEventsPerSecond: 100_000 })
  const endpointId = register()
  for (let event = 0; event < 600; event += 1) service.submitEvent(endpointId, 'payment', event)
  await clock.advance(1000)
  await caughtUp(feed)
  const seen = watch() // it refuses messages of actors that it was not told of
  expect(seen.named('lane ep_1')).toHaveLength(1)
  expect(seen.named('evt_600')[0]!.states.at(-1)).toBe('delivered')
  expect(feed.stats.messages).toBeGreaterThan(6000)
  expect(seen.messages.length).toBeLessThan(2100)
})
