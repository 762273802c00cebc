// What the feed must never do: slow a delivery down, or break one.
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as official from '@statelyai/inspect'
import { InspectServer } from '../../../src/inspect/server/inspect-server.ts'
import { followLog } from '../../../src/inspect/stately/stately-feed.ts'
import type { StatelyFeed } from '../../../src/inspect/stately/stately-feed.ts'
import { readStatelyOptions } from '../../../src/inspect/stately/stately-options.ts'
import { loadSockets } from '../../../src/inspect/stately/web-socket.ts'
import { serveStately } from '../../../src/inspect/stately/stately-routes.ts'
import { streamTo } from '../../../src/inspect/stately/viewer-stream.ts'
import { startEngine } from '../../support/start-engine.ts'
import { caughtUp, startWatchedEngine, watch } from './watched-engine.ts'
import type { WatchedEngine } from './watched-engine.ts'

const events = 50

async function deliverAll({ service, register, clock, feed }: WatchedEngine, count = events): Promise<void> {
  const heard: unknown[] = []
  service.on('listenerFailed', (notice) => heard.push(notice))
  const endpointId = register()
  for (let event = 0; event < count; event += 1) service.submitEvent(endpointId, 'payment', event)
  await clock.advance(0)
  expect(service.stats().events.delivered).toBe(count)
  expect(heard).toEqual([])
  await caughtUp(feed)
}

describe('every event is delivered, and every failure counted,', () => {
  test('when the filter throws', async () => {
    const engine = startWatchedEngine({
      filter: () => {
        throw new Error('the filter of a test')
      },
    })
    await deliverAll(engine)
    expect(engine.feed.stats).toMatchObject({ shown: 0, filtered: 2 * events, failures: events, messages: 0 })
  })

  test('when the filter gives a promise that rejects', async () => {
    const engine = startWatchedEngine({
      // As JavaScript would let one write it.
      filter: (() => Promise.reject(new Error('the filter of a test'))) as unknown as () => boolean,
    })
    await deliverAll(engine)
    expect(engine.feed.stats).toMatchObject({ shown: 0, failures: events })
  })

  test('when the official package throws', async () => {
    const engine = startEngine()
    const broken = () => {
      throw new Error('the inspector of a test')
    }
    const createInspector: typeof official.createInspector = (adapter, options) => ({
      ...official.createInspector(adapter, options),
      event: broken,
      snapshot: broken,
    })
    const settings = readStatelyOptions({}, 'stately')
    const feed = followLog(engine.service.log, {
      official: { createInspector },
      settings,
      payloads: false,
      clock: engine.clock,
    })
    await deliverAll({ ...engine, feed, watch: () => expect.unreachable() }, 10)
    expect(feed.stats.failures).toBeGreaterThan(10)
  })

  test('when one message cannot be written: the others are', async () => {
    const engine = startEngine()
    let written = 0
    const createInspector: typeof official.createInspector = (adapter, options) => {
      const inspector = official.createInspector(adapter, options)
      const snapshot: typeof inspector.snapshot = (...given) => {
        written += 1
        // That of the delivery as it starts: thrown on, it would leave the actor standing for ever.
        if (written === 4) throw new Error('the inspector of a test')
        inspector.snapshot(...given)
      }
      return { ...inspector, snapshot }
    }
    const settings = readStatelyOptions({}, 'stately')
    const { service, clock } = engine
    const feed = followLog(service.log, { official: { createInspector }, settings, payloads: false, clock })
    await deliverAll({ ...engine, feed, watch: () => expect.unreachable() }, 3)
    expect(feed.stats).toMatchObject({ shown: 6, failures: 1 })
    expect(watch(feed).named('evt_1')[0]).toMatchObject({ status: 'stopped', states: ['pending', 'delivered'] })
  })

  test('when a viewer breaks', async () => {
    const engine = startWatchedEngine()
    const viewer = {
      unreadBytes: 0,
      send: () => {
        throw new Error('the viewer of a test')
      },
      onRead: () => undefined,
      onLeft: () => undefined,
    }
    streamTo(viewer, engine.feed.relay, 0, engine.feed.failed)
    await deliverAll(engine)
    // It was sent nothing more after the first message.
    expect(engine.feed.stats).toMatchObject({ failures: 1 })
  })

  test('when a viewer never reads', async () => {
    const engine = startWatchedEngine({ maxEventsPerSecond: 100_000 })
    const server = await InspectServer.start({ keepsProcess: false })
    onTestFinished(() => server.close())
    serveStately(server, engine.feed, await loadSockets())
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.pause()
      socket.write(`GET /stately/stream HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`)
    })
    onTestFinished(() => void socket.destroy())
    await new Promise((resolve) => socket.once('connect', resolve))
    for (let round = 0; round < 10; round += 1) {
      const before = engine.service.stats().events.delivered
      engine.service.submitEvent(engine.register(), 'payment', 1)
      await engine.clock.advance(0)
      expect(engine.service.stats().events.delivered).toBe(before + 1)
    }
  })
})

test('nothing is converted while a delivery is under way', async () => {
  const { service, register, transport, feed } = startWatchedEngine()
  const messagesAtSend: number[] = []
  transport.respond(() => {
    messagesAtSend.push(feed.stats.messages)
    return 200
  })
  const endpointId = register()
  for (let event = 0; event < 3; event += 1) service.submitEvent(endpointId, 'payment', event)
  // Microtasks alone: all three are sent before the event loop has gone round.
  for (let step = 0; step < 200; step += 1) await Promise.resolve()
  expect(messagesAtSend).toEqual([0, 0, 0])
  await caughtUp(feed)
  expect(feed.stats.messages).toBeGreaterThan(0)
})

test('after it is closed, the feed hears nothing more and its actors have stopped', async () => {
  const engine = startWatchedEngine()
  engine.transport.respond(() => 'held')
  engine.service.submitEvent(engine.register(), 'payment', 1)
  await engine.quiet()
  closeTwice(engine.feed)
  const { seen } = engine.feed.stats
  engine.service.submitEvent(engine.register(), 'payment', 2)
  await engine.quiet()
  expect(engine.feed.stats.seen).toBe(seen)
  expect(Array.from(engine.watch().actors.values(), ({ status }) => status)).toEqual(['stopped', 'stopped'])
})

function closeTwice(feed: StatelyFeed): void {
  feed.close()
  feed.close()
}
