import { errors } from 'undici'
import { expect, test } from 'vitest'
import { judge } from '../../src/attempt/outcome.ts'
import { systemClock } from '../../src/clock/system-clock.ts'
import { defaultRetryPolicy } from '../../src/retry/retry-policy.ts'
import { classifyError } from '../../src/transport/classify-error.ts'
import { ConnectError, type ConnectStage } from '../../src/transport/connect-error.ts'
import { OpenBodies } from '../../src/transport/open-bodies.ts'
import { ResponseHandler } from '../../src/transport/response-handler.ts'
import type { TransportResult } from '../../src/transport/transport.ts'
import { markdownTable, readPage } from './markdown-blocks.ts'

const rows = markdownTable(readPage('docs/errors.md'), 'Failure reasons')
const tlsError = Object.assign(new Error(), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' })
const stages: ConnectStage[] = ['egress', 'dns', 'tcp', 'tls']

/** What comes of giving up a request that was written or was not. */
function given(up: 'timeout' | 'aborted', written: boolean): TransportResult[] {
  const results: TransportResult[] = []
  const receiver = { answered: (result: TransportResult) => void results.push(result) }
  const carrier = { writing: () => undefined, over: () => undefined }
  const limits = { snippetBytes: 1, bodyBytes: 1 }
  const handler = new ResponseHandler(receiver, carrier, new OpenBodies(systemClock, 1), limits)
  handler.sendReturns()
  if (written) handler.onConnect()
  handler.abort(up)
  return results
}

const results: TransportResult[] = [
  ...stages.map((stage) => classifyError(new ConnectError(stage), false)),
  ...[false, true].flatMap((written) => [
    ...given('timeout', written),
    ...given('aborted', written),
    ...[tlsError, new Error(), new errors.HTTPParserError('')].map((error) => classifyError(error, written)),
    classifyError(new errors.InvalidArgumentError(), written),
  ]),
  ...[302, 500].map((status): TransportResult => ({ kind: 'answered', status, retryAfter: null, snippet: null })),
]

test('the errors page says how far a request may have come with every reason an attempt can fail for', () => {
  const seen = new Map<string, Set<string>>()
  for (const result of results) {
    const outcome = judge(result, defaultRetryPolicy)
    if (outcome.kind === 'succeeded') continue
    const { reason, reach } = outcome.failure
    seen.set(reason, (seen.get(reason) ?? new Set()).add(reach))
  }
  const told = rows.map(([reason = '', , reach]): [string, string] => [plain(reason), plain(reach)])
  for (const [reason, reaches] of seen) expect(Object.fromEntries(told)[reason], reason).toBe([...reaches].join(', '))
  // These two are no result of an attempt.
  const others = told.filter(([reason]) => !seen.has(reason)).map(([reason]) => reason)
  expect(others).toEqual(['endpoint_removed', 'internal'])
})

test('the errors page says what becomes of the event with every reason of the transport', () => {
  const told = { retriable: /^tries again$/, permanent: /^`failed` at once$/, interrupted: /^back in line/ }
  for (const result of results) {
    if (result.kind === 'answered') continue
    const row = rows.find(([reason]) => plain(reason) === result.reason)
    const { kind } = judge(result, defaultRetryPolicy)
    expect(kind).not.toBe('succeeded')
    if (kind !== 'succeeded') expect(row?.[3], result.reason).toMatch(told[kind])
  }
})

function plain(cell: string | undefined): string {
  return (cell ?? '').replaceAll('`', '')
}
