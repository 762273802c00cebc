import { expect, test } from 'vitest'
import { exchange, startServer } from '../start-server.ts'
import { answering } from '../test-routes.ts'

const routes = [
  answering(() => ({ status: 200, body: {} })),
  answering(() => Promise.reject(new Error('boom')), { path: '/api/v1/fault' }),
]

test.each([
  ['an answer', 'GET /api/v1/answer'],
  ['an error', 'GET /api/v1/nothing'],
  ['a fault', 'GET /api/v1/fault'],
  ['what came no further than the router', 'GET /%'],
  ['what is no HTTP', 'oops'],
])('%s may be kept by no cache, shown in no frame, and made by a browser into nothing that runs', async (_, line) => {
  const { port } = await startServer({ routes })
  const answer = await exchange(port, `${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  const [head = ''] = answer.split('\r\n\r\n')
  for (const header of [
    "content-security-policy: default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options: nosniff',
    'x-frame-options: DENY',
    'referrer-policy: no-referrer',
    'cross-origin-resource-policy: same-origin',
    'cross-origin-opener-policy: same-origin',
    'cache-control: no-store',
  ]) {
    expect(head.toLowerCase().split('\r\n')).toContain(header.toLowerCase())
  }
})
