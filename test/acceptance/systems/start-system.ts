// The HTTP API of a service on a virtual clock, and a receiver for it: real sockets, and delays of minutes that take no time.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Config } from '../../../src/cli/config/config-schema.ts'
import { engineOptions } from '../../../src/cli/config/engine-options.ts'
import { loadConfig } from '../../../src/cli/config/load-config.ts'
import { createWebhookService, type WebhookService, type WebhookServiceOptions } from '../../../src/index.ts'
import { createServer, type ServerOptions } from '../../../src/server/index.ts'
import {
  createReceiver,
  createVirtualClock,
  runToRest,
  type Receiver,
  type ReceiverOptions,
  type VirtualClock,
} from '../../../src/testing/index.ts'
import { askApi, type Ask } from './ask-api.ts'

export const secret = 'a secret that both sides know'

export interface System {
  readonly clock: VirtualClock
  readonly service: WebhookService
  readonly receiver: Receiver
  readonly url: string
  readonly ask: Ask
  /** Registers a webhook at the receiver, at the path given or `/hooks`, and gives its id. */
  readonly webhook: (options?: object, path?: string) => Promise<string>
  /** Submits an event to whoever is subscribed, and gives the ids of its deliveries. */
  readonly submit: (eventType: string, payload?: unknown) => Promise<readonly string[]>
  /** Lets time pass until every event has settled or waits for a person. */
  readonly rest: () => Promise<void>
}

interface SystemOptions {
  readonly service?: WebhookServiceOptions
  readonly server?: (receiver: Receiver) => ServerOptions
  readonly receiver?: ReceiverOptions
}

/** A system for one test, closed when that is over. Chance is always in the middle unless the test brings its own. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const clock = createVirtualClock()
  const receiver = await createReceiver({ secret, clock, ...options.receiver })
  const service = createWebhookService({ random: () => 0.5, ...options.service, clock })
  const server = createServer(service, { ...options.server?.(receiver), clock })
  const { url } = await server.listen()
  onTestFinished(async () => {
    const closing = server.close({ graceMs: 0 })
    const shutdown = service.shutdown({ timeoutMs: 0 })
    await clock.advance(0)
    await Promise.all([closing, shutdown])
    await receiver.close()
  })
  const ask = askApi(url)
  return {
    clock,
    service,
    receiver,
    url,
    ask,
    async webhook(given, path = '/hooks') {
      const { body } = await ask('POST', '/api/v1/webhooks', { url: `${receiver.url}${path}`, secret, ...given })
      return body.id
    },
    async submit(eventType, payload = { id: 1 }) {
      const { body } = await ask('POST', '/api/v1/events', { eventType, payload })
      return body.events.map(({ eventId }) => eventId)
    },
    rest: () => runToRest(service, clock),
  }
}

/** The configuration that a file and the environment make. */
export function configOf(yaml: string, environment: Readonly<Record<string, string>> = {}): Config {
  const folder = freshFolder()
  writeFileSync(join(folder, 'hookline.yaml'), yaml)
  return loadConfig({ flags: {}, environment, folder }).config
}

/** What a configuration file makes of the engine. */
export function configured(yaml: string): WebhookServiceOptions {
  return engineOptions(configOf(yaml))
}

/** A folder of the test's own. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-system-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** How long after the start each attempt of an event was made, in milliseconds. */
export function attemptTimes(service: WebhookService, eventId: string): number[] {
  const { attempts, submittedAt } = service.getEvent(eventId)
  return attempts.map(({ startedAt }) => Date.parse(startedAt) - Date.parse(submittedAt))
}

/** The pauses between attempts, in milliseconds. */
export function delaysOf(service: WebhookService, eventId: string): number[] {
  const times = attemptTimes(service, eventId)
  return times.slice(1).map((time, index) => time - times[index]!)
}
