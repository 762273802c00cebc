import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock/system-clock.ts'
import { OpenBodies } from '../../src/transport/open-bodies.ts'
import { ResponseHandler } from '../../src/transport/response-handler.ts'
import type { TransportResult } from '../../src/transport/transport.ts'

const limits = { snippetBytes: 8, bodyBytes: 32 }
const headers = (...texts: string[]) => texts.map((text) => Buffer.from(text))

let results: TransportResult[]
let reusable: boolean[]
let handler: ResponseHandler
const bodies = new OpenBodies(systemClock, 1_000)

beforeEach(() => {
  results = []
  reusable = []
  handler = new ResponseHandler(
    { answered: (result) => results.push(result) },
    { writing: () => undefined, over: (again) => reusable.push(again) },
    bodies,
    limits,
  )
  handler.sendReturns()
  handler.onConnect()
})

describe('once the status line is in', () => {
  beforeEach(() => {
    handler.onHeaders(200, [])
    handler.onData(Buffer.from('abc'))
  })

  it.each([
    ['the caller gives up', () => handler.abort('timeout')],
    ['the connection fails', () => handler.onError(new Error('gone'))],
    ['the body has had its time', () => handler.overdue()],
    ['the body is too long', () => handler.onData(Buffer.alloc(30))],
  ])('it is an answer also when %s, and the connection is not used again', (_what, end) => {
    end()
    expect(results).toMatchObject([{ kind: 'answered', status: 200 }])
    expect(reusable).toEqual([false])
  })

  it('there is one result, whatever follows', () => {
    handler.onComplete()
    handler.onError(new Error('gone'))
    handler.abort('aborted')
    handler.overdue()
    expect(results).toEqual([{ kind: 'answered', status: 200, retryAfter: null, snippet: 'abc' }])
    expect(reusable).toEqual([true])
  })
})

it('keeps the first Retry-After, and none that is longer than any valid one', () => {
  handler.onHeaders(429, headers('x', 'y', 'Retry-After', '5', 'retry-after', '9'))
  handler.onComplete()
  expect(results).toMatchObject([{ retryAfter: '5' }])
})

it('ignores a Retry-After longer than any valid one', () => {
  handler.onHeaders(429, headers('retry-after', '9'.repeat(65)))
  handler.onComplete()
  expect(results).toMatchObject([{ retryAfter: null }])
})

it('keeps the same snippet however the body is split', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 6 }), { maxLength: 5 }), (chunks) => {
      const whole = Buffer.concat(chunks)
      const snippets = [chunks, [whole]].map((parts) => {
        let snippet: string | null = null
        const receiver = { answered: (result: TransportResult) => void (snippet = snippetOf(result)) }
        const split = new ResponseHandler(receiver, { writing: () => undefined, over: () => undefined }, bodies, limits)
        split.sendReturns()
        split.onHeaders(200, [])
        for (const part of parts) split.onData(Buffer.from(part))
        split.onComplete()
        return snippet
      })
      expect(snippets[0]).toBe(snippets[1])
      if (whole.length <= limits.snippetBytes) expect(snippets[0] ?? '').toBe(whole.toString('utf8'))
    }),
  )
})

function snippetOf(result: TransportResult): string | null {
  return result.kind === 'answered' ? result.snippet : null
}
