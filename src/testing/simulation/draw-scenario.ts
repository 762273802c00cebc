// What a run is made of where its caller leaves it open: small numbers of everything, so that every bound is met, every
// line is short enough to empty, and a seed takes milliseconds.
import type { EndpointOptions, Ordering } from '../../endpoint/endpoint-options.ts'
import type { RetryOptions } from '../../retry/retry-policy.ts'
import type { LaneWindowSizes } from '../../lane/window-sizes.ts'
import type { EndpointBehaviour } from './endpoint-behaviour.ts'
import type { SeededSource } from './seeded-source.ts'
import type { SimulatedServiceOptions } from './simulation-options.ts'

export function drawServiceOptions(source: SeededSource): SimulatedServiceOptions {
  return {
    retry: drawRetry(source.stream('retry')),
    timeoutMs: source.oneOf([1000, 5000, 30_000]),
    concurrency: source.oneOf([1, 2, 8, 256, 256]),
    rateLimit: source.chance(0.2) ? { perSecond: source.oneOf([2, 10]), burst: source.oneOf([1, 5]) } : null,
    limits: {
      pendingEvents: source.oneOf([4, 15, 100_000, 100_000]),
      pendingBytes: source.oneOf([1000, 100_000, 100_000]),
      liveLanes: source.oneOf([1, 3, 10_000]),
      eventsInMemory: source.stream('eventsInMemory').oneOf([1, 5, 20_000]),
    },
    retention: {
      settledEvents: source.oneOf([0, 3, 20, 10_000, 10_000]),
      deadLetters: source.oneOf([0, 2, 10_000, 10_000]),
      ageMs: source.oneOf([20_000, 604_800_000, 604_800_000]),
      endpointRecords: source.oneOf([1, 3, 100]),
      deadLetterAgeMs: source.oneOf([20_000, 604_800_000]),
    },
  }
}

/** How little of what waits memory holds, where the log keeps the rest. */
export function drawWindows(source: SeededSource): LaneWindowSizes {
  return {
    line: source.oneOf([2, 4, 32]),
    fullLine: 2,
    roomShare: source.oneOf([0, 0, 1 / 8]),
    lines: source.oneOf([2, 64]),
    fullLines: 2,
    page: source.oneOf([1, 3, 64]),
    removedAtOnce: source.stream('removedAtOnce').oneOf([1, 3, 1000]),
    removedAtATime: source.stream('removedAtATime').oneOf([1, 128]),
  }
}

export function drawBehaviours(source: SeededSource, durationMs: number): EndpointBehaviour[] {
  return Array.from({ length: source.whole(1, 4) }, (_, index) => drawBehaviour(source.stream(index), durationMs))
}

function drawBehaviour(source: SeededSource, durationMs: number): EndpointBehaviour {
  const p50 = source.oneOf([0, 5, 50, 50, 400])
  const healthy = source.chance(0.25)
  const outages = Array.from({ length: source.oneOf([0, 0, 1, 2]) }, () => {
    const fromMs = source.whole(0, durationMs)
    return { fromMs, toMs: fromMs + source.whole(1000, Math.max(1000, durationMs >> 1)) }
  })
  const throttle = source.chance(0.15)
    ? { perSecond: source.oneOf([0.5, 2]), retryAfterSeconds: source.oneOf([0, 1, 20, 600]) }
    : undefined
  return {
    latencyMs: { p50, p99: p50 * source.oneOf([1, 4, 30]) },
    options: drawOptions(source.stream('options')),
    ...(healthy
      ? {}
      : {
          failureRate: source.oneOf([0, 0.1, 0.4, 0.9]),
          failureStatuses: source.oneOf([[500], [503, 429, 302], [500, 404, 400], [500, 500, 500, 410]]),
          hangRate: source.oneOf([0, 0, 0.05, 0.3]),
          surplusRate: source.oneOf([0, 0, 0.2]),
          outages,
          throttle,
        }),
  }
}

function drawOptions(source: SeededSource): EndpointOptions {
  const ordering = source.oneOf<Ordering>(['fifo', 'fifo', 'fifo', 'key', 'none'])
  return {
    ordering,
    whenExhausted: source.oneOf(['park', 'park', 'halt']),
    body: source.oneOf(['payload', 'payload', 'envelope']),
    eventTypes: source.oneOf([['*'], ['*'], ['order.*'], ['order.paid', 'user.*']]),
    concurrency: ordering === 'fifo' ? undefined : source.oneOf([1, 2, 64]),
    timeoutMs: source.oneOf([null, null, 800, 3000]),
    retry: source.chance(0.4) ? drawRetry(source.stream('retry')) : null,
    rateLimit: source.chance(0.2) ? { perSecond: source.oneOf([1, 5]), burst: source.oneOf([1, 3]) } : null,
    breaker: source.chance(0.4)
      ? { failures: source.oneOf([1, 2, 5]), cooldownMs: source.oneOf([100, 3000, 20_000]) }
      : null,
    autoDisable: source.chance(0.25)
      ? { afterMs: source.oneOf([1000, 30_000]), warningMs: source.oneOf([0, 500]) }
      : null,
    signing: source.chance(0.2) ? { sequence: true } : undefined,
  }
}

/** Small delays, so that a run sees many of them. */
export function drawRetry(source: SeededSource): RetryOptions {
  return {
    maxAttempts: source.oneOf([1, 2, 3, 5, 8]),
    initialDelayMs: source.oneOf([0, 100, 1000]),
    multiplier: source.oneOf([1, 2, 3]),
    maxDelayMs: source.oneOf([2000, 10_000, 60_000]),
    jitter: source.oneOf([0, 0.25, 1]),
    retryableStatuses: source.oneOf([[], [429], [404, 408, 429]]),
  }
}
