import { describe, expect, it } from 'vitest'
import type { FailureReason } from '../../src/attempt/failure.ts'
import { replay } from '../../src/replay/replay.ts'
import type { Reach } from '../../src/transport/transport.ts'
import type { ScriptedAnswer } from '../support/scripted-transport.ts'
import { startEngine } from '../support/start-engine.ts'

const failed = (
  reason: Exclude<FailureReason, 'status' | 'redirect' | 'endpoint_removed' | 'internal'>,
  reach: Reach,
) => ({ kind: 'failed', reason, message: 'what happened', reach }) as const

/** How each reason comes about, and whether the endpoint may have had the request then. Every reason has its row. */
const reasons: Readonly<Record<FailureReason, { readonly answer: ScriptedAnswer; readonly reach: Reach }>> = {
  status: { answer: 500, reach: 'answered' },
  redirect: { answer: 301, reach: 'answered' },
  dns: { answer: failed('dns', 'notSent'), reach: 'notSent' },
  connect: { answer: failed('connect', 'notSent'), reach: 'notSent' },
  tls: { answer: failed('tls', 'notSent'), reach: 'notSent' },
  reset: { answer: failed('reset', 'unknown'), reach: 'unknown' },
  protocol: { answer: failed('protocol', 'unknown'), reach: 'unknown' },
  timeout: { answer: 'held', reach: 'unknown' },
  aborted: { answer: 'held', reach: 'unknown' },
  egress_blocked: { answer: failed('egress_blocked', 'notSent'), reach: 'notSent' },
  invalid_request: { answer: failed('invalid_request', 'notSent'), reach: 'notSent' },
  endpoint_removed: { answer: 'held', reach: 'notSent' },
  internal: { answer: { kind: 'failed' } as never, reach: 'unknown' },
}
const reaches: readonly string[] = ['notSent', 'unknown', 'answered'] satisfies readonly Reach[]

describe('each failure says why, whether the request may have arrived, and what can be shown to anyone:', () => {
  it.each(Object.entries(reasons))('%s', async (reason, { answer, reach }) => {
    const engine = startEngine({ timeoutMs: 100, retry: { maxAttempts: 1 } })
    const { service, transport, clock, quiet } = engine
    const endpoint = engine.register({ headers: { Authorization: 'Bearer a-token' } })
    transport.respond(() => answer)
    service.submitEvent(endpoint, 'a.b', {})
    service.submitEvent(endpoint, 'a.b', {})
    await quiet()
    if (reason === 'timeout') await clock.advance(1000)
    if (reason === 'endpoint_removed') service.removeEndpoint(endpoint)
    if (reason === 'aborted') await engine.stop()

    const failures = [...service.log.entries()].flatMap(({ event }) => ('failure' in event ? [event.failure] : []))
    const failure = failures.find((candidate) => candidate.reason === reason)
    expect(failure).toMatchObject({ reach })
    for (const { message, reach: told } of failures) {
      expect(reaches).toContain(told)
      expect(message).toMatch(/^[\x20-\x7e]{1,200}$/)
      expect(message).not.toMatch(/a-token|shared secret|merchant/)
    }
    expect(() => replay(service.log.entries())).not.toThrow()
  })
})
