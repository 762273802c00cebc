import { onTestFinished } from 'vitest'
import { windowSizes } from '../../src/lane/window-sizes.ts'
import { createServiceWith } from '../../src/service.ts'
import type { WebhookServiceOptions } from '../../src/service-options.ts'
import type { RetryOptions } from '../../src/retry/retry-policy.ts'
import type { ShutdownReport } from '../../src/shutdown.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import type { VirtualClock } from '../../src/testing/virtual-clock.ts'
import type { WebhookService } from '../../src/webhook-service.ts'
import { createCountingIds } from './counting-ids.ts'
import { createScriptedTransport } from './scripted-transport.ts'
import type { ScriptedTransport } from './scripted-transport.ts'

/** One second, two, four, …, without chance. */
const plainRetry = {
  maxAttempts: 3,
  initialDelayMs: 1000,
  multiplier: 2,
  jitter: 0,
} as const satisfies RetryOptions

/** The whole engine with nothing outside: scripted answers, a clock that is told to move, ids that count. */
export interface Engine {
  readonly service: WebhookService
  readonly transport: ScriptedTransport
  readonly clock: VirtualClock
  /** Registers an endpoint; `options` as in `registerEndpoint`. */
  readonly register: (options?: Parameters<WebhookService['registerEndpoint']>[2]) => string
  /** Lets everything happen that needs no time to pass. */
  readonly quiet: () => Promise<void>
  /** Shuts the service down, and cuts off what is in flight. */
  readonly stop: () => Promise<ShutdownReport>
}

/** An engine that the caller shuts down. Its transport answers 200 until told otherwise. */
export function createEngine(
  options: WebhookServiceOptions = {},
  clock = createVirtualClock(),
  sizes = windowSizes,
): Engine {
  const transport = createScriptedTransport()
  const given = { retry: plainRetry, random: () => 0.5, ids: createCountingIds(), transport, clock, ...options }
  const service = createServiceWith(given, sizes)
  return {
    service,
    transport,
    clock,
    register: (endpointOptions) =>
      service.registerEndpoint('https://merchant.example/hooks', 'a shared secret', endpointOptions),
    quiet: () => clock.advance(0),
    async stop() {
      const report = service.shutdown({ timeoutMs: 0 })
      // The limit of 0 ms is a time, too, and passes only when the clock is told to move.
      await clock.advance(0)
      return report
    },
  }
}

/** An engine for one test, shut down when that is over. */
export function startEngine(options: WebhookServiceOptions = {}): Engine {
  const engine = createEngine(options)
  onTestFinished(async () => {
    await engine.stop()
  })
  return engine
}
