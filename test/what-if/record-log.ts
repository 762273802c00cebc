import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJsonl } from '../../src/log/jsonl.ts'
import { jsonlSource } from '../../src/recorded/jsonl-file.ts'
import { createWebhookService } from '../../src/service.ts'
import type { WebhookServiceOptions } from '../../src/service-options.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import type { VirtualClock } from '../../src/testing/virtual-clock.ts'
import type { Transport } from '../../src/transport/transport.ts'
import type { WebhookService } from '../../src/webhook-service.ts'
import { Policy } from '../../src/what-if/policy.ts'
import { whatIf } from '../../src/what-if/what-if.ts'
import type { Outcome, WhatIf } from '../../src/what-if/what-if.ts'
import { createCountingIds } from '../support/counting-ids.ts'

/** What an endpoint does with a request at a time: a status after so long, or silence. */
export type Behaviour = (request: { endpointId: string; eventId: string; atMs: number; attempt: number }) => {
  readonly status: number | 'silent'
  readonly afterMs?: number
  readonly retryAfter?: string
}

export interface World {
  readonly service: WebhookService
  readonly clock: VirtualClock
  /** Registers an endpoint; `options` as in `registerEndpoint`. */
  readonly register: (options?: Parameters<WebhookService['registerEndpoint']>[2]) => string
}

/** Records a log: a service among endpoints of this behaviour, used as `use` says, and then left alone until nothing moves. */
export async function recordLog(
  behaviour: Behaviour,
  options: WebhookServiceOptions,
  use: (world: World) => Promise<void> | void,
): Promise<string> {
  const clock = createVirtualClock()
  const transport = behavingTransport(clock, behaviour)
  const service = createWebhookService({ clock, transport, ids: createCountingIds(), ...options })
  const register: World['register'] = (own) => service.registerEndpoint('https://merchant.example/', 'a secret', own)
  await use({ service, clock, register })
  await clock.advanceUntilIdle({ limitMs: 24 * 60 * 60 * 1000 })
  return [...exportJsonl(service.log)].map((line) => `${line}\n`).join('')
}

/** Submits to each endpoint in turn, every so often. */
export async function submitSteadily({ service, clock }: World, endpointIds: string[], count: number, everyMs: number) {
  for (let index = 0; index < count; index += 1) {
    service.submitEvent(endpointIds[index % endpointIds.length] ?? '', 'order.paid', { index })
    await clock.advance(everyMs)
  }
}

/** Runs a log again; policies as in a policy file. */
export async function runAgain(log: string, recordedUnder: unknown, policy: unknown = null, seed = 1): Promise<WhatIf> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-what-if-'))
  try {
    const path = join(folder, 'log.jsonl')
    writeFileSync(path, log)
    return await whatIf({
      log: jsonlSource(path),
      policy: policy === null ? null : new Policy(policy),
      recordedUnder: new Policy(recordedUnder),
      seed,
      onProgress: () => undefined,
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The outcome of the what-if run. */
export function tried({ whatIf: outcome }: WhatIf): Outcome {
  if (outcome === null) throw new Error('there was no what-if run')
  return outcome
}

function behavingTransport(clock: VirtualClock, behaviour: Behaviour): Transport {
  return {
    send({ endpointId, headers }, receiver) {
      const header = (name: string) => headers[headers.indexOf(name) + 1] ?? ''
      const eventId = header('X-Event-Id')
      const attempt = Number(header('X-Event-Attempt'))
      const {
        status,
        afterMs = 0,
        retryAfter = null,
      } = behaviour({ endpointId, eventId, attempt, atMs: clock.monotonic() })
      const timer =
        status === 'silent'
          ? null
          : clock.setTimeout(() => receiver.answered({ kind: 'answered', status, retryAfter, snippet: null }), afterMs)
      return {
        abort(reason) {
          if (timer !== null) clock.clearTimeout(timer)
          receiver.answered({ kind: 'failed', reason, message: reason, reach: 'unknown' })
        },
      }
    },
    release: () => undefined,
    close: () => Promise.resolve(),
  }
}
