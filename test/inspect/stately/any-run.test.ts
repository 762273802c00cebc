// Over random runs of a whole service: what viewers see is what the log says.
import * as official from '@statelyai/inspect'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followLog, playRecording } from '../../../src/inspect/stately/stately-feed.ts'
import type { StatelyFeed } from '../../../src/inspect/stately/stately-feed.ts'
import { readStatelyOptions } from '../../../src/inspect/stately/stately-options.ts'
import { streamTo } from '../../../src/inspect/stately/viewer-stream.ts'
import { importJsonl } from '../../../src/log/jsonl.ts'
import { isEndpointTransition } from '../../../src/log/transition.ts'
import type { LogRecord, Transition } from '../../../src/log/transition.ts'
import { isSettled } from '../../../src/statechart/resting-delivery.ts'
import { createVirtualClock } from '../../../src/testing/virtual-clock.ts'
import { anyRun, startRun } from '../../replay/random-service.ts'
import { exported, openLog } from '../../support/log-files.ts'
import { caughtUp } from './watched-engine.ts'
import { Watcher } from './watcher.ts'
import type { Message } from './watcher.ts'

const settings = readStatelyOptions({ maxEventsPerSecond: 100_000 }, 'stately')

/** Sees everything from now on, and reads at once. */
function watchAll(feed: StatelyFeed): Watcher {
  const watcher = new Watcher()
  const viewer = {
    unreadBytes: 0,
    send({ text }: { text: string }) {
      watcher.take(JSON.parse(text) as Message)
      return true
    },
    onRead: () => undefined,
    onLeft: () => undefined,
  }
  streamTo(viewer, feed.relay, 0, () => expect.unreachable())
  return watcher
}

/** The steps of events whose turn it was, from their first attempt until they settled: others are no actors. */
function* actorSteps(records: Iterable<LogRecord>): Iterable<Transition> {
  const onTurn = new Set<string>()
  for (const record of records) {
    if (isEndpointTransition(record)) continue
    const { event, eventId, to } = record
    if (event.type === 'attempt.started') onTurn.add(eventId)
    if (onTurn.has(eventId)) yield record
    if (isSettled(to)) onTurn.delete(eventId)
  }
}

function expectSteps(watcher: Watcher, records: Iterable<LogRecord>): void {
  const logged = new Map<string, string[]>()
  for (const { eventId, event } of actorSteps(records)) {
    logged.set(eventId, [...(logged.get(eventId) ?? []), event.type])
  }
  const seen = new Map<string, string[]>()
  for (const { name, parent, events } of watcher.actors.values()) {
    if (parent === null) continue
    const own = events.filter((type) => !type.startsWith('xstate.'))
    seen.set(name, [...(seen.get(name) ?? []), ...own])
  }
  expect(seen).toEqual(logged)
}

function expectFinalStates(watcher: Watcher, records: readonly LogRecord[]): void {
  const finals = new Map<string, string>()
  for (const { eventId, to } of actorSteps(records)) finals.set(eventId, to)
  for (const { machine, endpointId, to } of records.filter(isEndpointTransition)) {
    finals.set(`${machine.split('@')[0]!} ${endpointId}`, to)
  }
  const seen = new Map(Array.from(finals.keys(), (name) => [name, watcher.named(name).at(-1)?.states.at(-1)]))
  expect(seen).toEqual(finals)
}

test('live, every step of every delivery is seen, and no other', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const running = startRun(run)
      const { service, clock } = running
      const told: LogRecord[] = []
      service.log.subscribe((record) => told.push(record))
      service.log.subscribeToEndpoints((record) => told.push(record))
      const feed = followLog(service.log, { official, settings, payloads: false, clock })
      const watcher = watchAll(feed)
      try {
        for (const happening of run.happenings) {
          await running.happen(happening)
          await caughtUp(feed)
        }
        expectSteps(watcher, told)
        expectFinalStates(watcher, told)
        expect(feed.stats).toMatchObject({ filtered: 0, dropped: 0, failures: 0 })
      } finally {
        feed.close()
        await running.stop()
      }
    }),
    { numRuns: 60 },
  )
})

test('replayed from a file, every actor ends in the state that the log says', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const running = startRun(run)
      for (const happening of run.happenings) await running.happen(happening)
      const text = exported(running.service)
      await running.stop()
      const recorded = await openLog(text)
      const clock = createVirtualClock()
      const feed = playRecording(recorded, Infinity, { official, settings, payloads: false, clock })
      const watcher = watchAll(feed)
      try {
        feed.viewerCame()
        await clock.advance(0)
        while (feed.stats.seen < recorded.length) await clock.advance(0)
        const records = [...importJsonl(text.split('\n'))]
        expectSteps(watcher, records)
        expectFinalStates(watcher, records)
        expect(feed.stats).toMatchObject({ filtered: 0, dropped: 0, failures: 0 })
      } finally {
        feed.close()
      }
    }),
    { numRuns: 60 },
  )
})
