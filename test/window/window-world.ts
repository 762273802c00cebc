// A service over a home that keeps most of what waits, with windows so small that a few events are beyond them.
import { onTestFinished } from 'vitest'
import type { EndpointOptions } from '../../src/endpoint/endpoint-options.ts'
import type { WindowSizes } from '../../src/lane/window-sizes.ts'
import type { WebhookServiceOptions } from '../../src/service-options.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { createCountingIds } from '../support/counting-ids.ts'
import { createEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'
import { createStoredLog, emptyDisk } from '../support/stored-log.ts'
import type { StoredLog } from '../support/stored-log.ts'
import { listNotices } from './notice-list.ts'
import type { Notice } from './notice-list.ts'

const sizes: WindowSizes = {
  events: 20_000,
  line: 2,
  fullLine: 1,
  roomShare: 0,
  lines: 1,
  fullLines: 1,
  page: 2,
  removedAtOnce: 2,
  removedAtATime: 1,
}

export interface World extends Engine {
  readonly log: StoredLog
  readonly id: string
  readonly notices: readonly Notice[]
  /** Commits, and lets come of it what comes without time passing. */
  settle(): Promise<void>
  /** Ends the process without a word, and starts the next one. */
  restart(): World
  submit(count: number, orderingKey?: (index: number) => string): string[]
  /** The ids of the events whose requests were sent, in order. */
  readonly sent: readonly string[]
}

interface Given {
  readonly options?: WebhookServiceOptions
  readonly endpoint?: EndpointOptions
  readonly sizes?: Partial<WindowSizes>
}

export function createWorld(
  given: Given = {},
  disk = emptyDisk(),
  ids = createCountingIds(),
  nowMs = Date.UTC(2025, 0, 1),
): World {
  const log = createStoredLog(disk)
  const { events, ...own } = { ...sizes, ...given.sizes }
  const clock = createVirtualClock({ startAt: nowMs })
  const engine = createEngine(
    { ids, ...given.options, log, limits: { ...given.options?.limits, eventsInMemory: events } },
    clock,
    own,
  )
  const notices = listNotices(engine.service)
  const id = engine.register({ ...given.endpoint, id: 'ep_shop' })
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn += 1) {
      if (!log.dead) log.commit()
      await engine.quiet()
    }
  }
  onTestFinished(() => log.die())
  return {
    ...engine,
    log,
    id,
    notices,
    settle,
    restart() {
      log.die()
      return createWorld(given, disk, ids, clock.now())
    },
    submit: (count, orderingKey) =>
      Array.from({ length: count }, (_, index) =>
        engine.service.submitEvent(id, 'a.b', { index }, orderingKey && { orderingKey: orderingKey(index) }),
      ),
    get sent() {
      return engine.transport.requests.map(({ eventId }) => eventId)
    },
  }
}
