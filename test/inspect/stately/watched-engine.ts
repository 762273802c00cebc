import * as official from '@statelyai/inspect'
import { onTestFinished } from 'vitest'
import type { StatelyFeed } from '../../../src/inspect/stately/stately-feed.ts'
import { followLog } from '../../../src/inspect/stately/stately-feed.ts'
import { readStatelyOptions } from '../../../src/inspect/stately/stately-options.ts'
import type { StatelyOptions } from '../../../src/inspect/stately/stately-options.ts'
import { eventLoopTurns } from '../../../src/testing/event-loop-turns.ts'
import type { WebhookServiceOptions } from '../../../src/service-options.ts'
import { startEngine } from '../../support/start-engine.ts'
import type { Engine } from '../../support/start-engine.ts'
import { Watcher } from './watcher.ts'
import type { Message } from './watcher.ts'

export interface WatchedEngine extends Engine {
  readonly feed: StatelyFeed
  /** A viewer that comes now. */
  readonly watch: () => Watcher
}

interface WatchOptions extends StatelyOptions {
  readonly payloads?: boolean
  readonly service?: WebhookServiceOptions
}

/** A service with a feed on its log. */
export function startWatchedEngine({ payloads = false, service, ...stately }: WatchOptions = {}): WatchedEngine {
  const engine = startEngine(service)
  const feed = feedOf(engine, stately, payloads)
  return { ...engine, feed, watch: () => watch(feed) }
}

/** A feed on the log of a service that may have run for a while. */
export function feedOf({ service, clock }: Engine, stately: StatelyOptions = {}, payloads = false): StatelyFeed {
  const settings = readStatelyOptions(stately, 'stately')
  const feed = followLog(service.log, { official, settings, payloads, clock })
  onTestFinished(() => feed.close())
  return feed
}

/** Resolves when the feed has seen to every record it has heard of. */
export async function caughtUp(feed: StatelyFeed): Promise<void> {
  for (;;) {
    const { seen, shown, resting, filtered, dropped } = feed.stats
    if (seen === shown + resting + filtered + dropped) return
    await eventLoopTurns(1)
  }
}

export function watch({ relay }: StatelyFeed): Watcher {
  const watcher = new Watcher()
  for (const { text } of relay.since(0)) watcher.take(JSON.parse(text) as Message)
  return watcher
}
