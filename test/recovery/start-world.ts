import { onTestFinished } from 'vitest'
import type { EndpointOptions } from '../../src/endpoint/endpoint-options.ts'
import type { LogHome } from '../../src/log/log-home.ts'
import { memoryLog } from '../../src/log/memory-log.ts'
import type { WebhookServiceOptions } from '../../src/service-options.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { createCountingIds } from '../support/counting-ids.ts'
import { createEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'
import { createMortalLog } from './mortal-log.ts'
import type { MortalLog } from './mortal-log.ts'

/** A log and the time, which outlive every process. One process runs at a time. */
export interface World {
  readonly log: LogHome
  /** Ends the process that runs, without a word, and starts the next one `downMs` later. */
  restart(options?: WebhookServiceOptions, downMs?: number): Engine
  /** Registers the endpoint that all of a test's processes have. */
  readonly id: string
  register(engine: Engine, options?: EndpointOptions): void
}

const id = 'ep_shop'

export function createWorld(log = memoryLog()): World {
  const ids = createCountingIds()
  let nowMs = Date.parse('2025-01-01T00:00:00.000Z')
  let mortal: MortalLog | null = null
  let running: Engine | null = null
  onTestFinished(async () => {
    await running?.stop()
  })
  return {
    log,
    id,
    restart(options = {}, downMs = 0) {
      mortal?.die()
      nowMs = (running?.clock.now() ?? nowMs) + downMs
      mortal = createMortalLog(log)
      const clock = createVirtualClock({ startAt: new Date(nowMs).toISOString() })
      running = createEngine({ ids, ...options, log: mortal }, clock)
      return running
    },
    register(engine, options) {
      engine.register({ ...options, id })
    },
  }
}
