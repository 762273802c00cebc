import { onTestFinished } from 'vitest'
import { createWebhookService, type Clock, type WebhookService, type WebhookServiceOptions } from '../../src/index.ts'
import { createReceiver, type Receiver, type ReceiverOptions, type VirtualClock } from '../../src/testing/index.ts'

export const secret = 'a secret that both sides know'

/** Short enough for real time, and the same on every run. */
export const quickRetry = { maxAttempts: 4, initialDelayMs: 20, multiplier: 2, maxDelayMs: 80, jitter: 0 } as const

/** Leaves what failed in backoff for longer than any test runs. */
export const slowRetry = { ...quickRetry, initialDelayMs: 60_000, maxDelayMs: 60_000 } as const

/** A service for one test, shut down when that is over. */
export function startService<TPayloads extends object = Record<string, unknown>>(
  options: WebhookServiceOptions = {},
): WebhookService<TPayloads> {
  const service = createWebhookService<TPayloads>({ retry: quickRetry, ...options })
  onTestFinished(async () => {
    const shutdown = service.shutdown({ timeoutMs: 0 })
    if (isVirtual(options.clock)) await options.clock.advance(0)
    await shutdown
  })
  return service
}

function isVirtual(clock: Clock | undefined): clock is VirtualClock {
  return clock !== undefined && 'advance' in clock
}

/** A receiver for one test, closed when that is over. It checks every signature with {@link secret}. */
export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await createReceiver({ secret, ...options })
  onTestFinished(() => receiver.close())
  return receiver
}
