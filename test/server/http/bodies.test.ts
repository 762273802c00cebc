import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { defineRoute } from '../../../src/server/routes/route.ts'
import { exchange, makeServer, startServer } from '../start-server.ts'
import { thingsRoute } from '../test-routes.ts'
import { errorOf } from '../error-of.ts'

const plainEcho = defineRoute({
  ...thingsRoute,
  path: '/api/v1/echo',
  operationId: 'echo',
  request: { body: Type.Object({ payload: Type.Unknown() }, { additionalProperties: false }) },
  handle: ({ bodyText }) => ({ status: 200, text: bodyText }),
})
const echo = { ...plainEcho, takesPayloads: true } as const
const json = { 'content-type': 'application/json' }

async function send(
  body: string | Buffer,
  headers: Record<string, string> = json,
  limits = {},
): Promise<[number, string]> {
  const { server } = makeServer({ routes: [echo], limits })
  const { status, text } = await server.inject({ method: 'POST', path: '/api/v1/echo', headers, body })
  return [status, status === 200 ? text : errorOf(text).code]
}

test.each([
  '{"payload":9007199254740993}',
  '{"payload":{"a":1,"a":2}}',
  '{ "payload" : [1.0, 1e400, -0, "\\u00e9é"] }\n',
  '{"payload":{"__proto__":{"admin":true},"constructor":{"prototype":1}}}',
])('hands on a body as it came: %s', async (text) => {
  expect(await send(text)).toEqual([200, text])
})

test('does not take what stands under __proto__ for a field, nor lets it reach any object', async () => {
  expect(await send('{"__proto__":{"payload":1}}')).toEqual([400, 'INVALID_REQUEST'])
  expect(Reflect.get({}, 'payload')).toBeUndefined()
})

test('takes a payload of any depth', async () => {
  const deep = `{"payload":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
  expect(await send(deep)).toEqual([200, deep])
})

test('refuses a deep body that is cut off, with the position', async () => {
  const { server } = makeServer({ routes: [echo] })
  const body = `{"payload":${'['.repeat(200_000)}`
  const { status, text } = await server.inject({ method: 'POST', path: '/api/v1/echo', headers: json, body })
  expect([status, errorOf(text).code]).toEqual([400, 'MALFORMED_JSON'])
  expect(errorOf(text).message).toContain('position 200011 (line 1, column 200012)')
})

test('says where a body is no JSON, and nothing of what it holds', async () => {
  const { server } = makeServer({ routes: [echo] })
  const body = '{"payload":\n  "whsec_secret" oops}'
  const { text } = await server.inject({ method: 'POST', path: '/api/v1/echo', headers: json, body })
  expect(errorOf(text).message).toContain('position 29 (line 2, column 18)')
  expect(text).not.toMatch(/whsec|oops/)
})

test.each([
  ['bytes that are not UTF-8', Buffer.from('{"payload":"\xff"}', 'latin1'), json, 400, 'MALFORMED_JSON'],
  ['a byte order mark', '\ufeff{"payload":1}', json, 400, 'MALFORMED_JSON'],
  ['no body', '', json, 400, 'INVALID_REQUEST'],
  ['a form', 'payload=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['plain text', '{"payload":1}', { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['no type', '{"payload":1}', {}, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a broken type', '{"payload":1}', { 'content-type': 'json' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  [
    'another charset',
    '{"payload":1}',
    { 'content-type': 'application/json; charset=utf-16' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['a packed body', '{"payload":1}', { ...json, 'content-encoding': 'gzip' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
])('refuses %s', async (_, body, headers, status, code) => {
  expect(await send(body, headers)).toEqual([status, code])
})

test.each(['application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'APPLICATION/JSON'])(
  'takes %s',
  async (type) => {
    expect(await send('{"payload":1}', { 'content-type': type })).toEqual([200, '{"payload":1}'])
  },
)

test('refuses a body that is too long by what it declares, or by what comes', async () => {
  const long = JSON.stringify({ payload: 'x'.repeat(2000) })
  expect(await send(long, json, { bodyBytes: 1024 })).toEqual([413, 'BODY_TOO_LARGE'])
  const { port } = await startServer({ routes: [echo], limits: { bodyBytes: 1024 } })
  const head = `POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`
  const chunk = `400\r\n${'x'.repeat(1024)}\r\n`
  const answer = await exchange(port, `${head}Transfer-Encoding: chunked\r\n\r\n`, chunk, chunk)
  expect(answer).toMatch(/^HTTP\/1\.1 413 /)
  expect(answer).toContain('"BODY_TOO_LARGE"')
  expect(await exchange(port, `${head}Content-Length: 99999999999\r\n\r\n`)).toMatch(/^HTTP\/1\.1 413 /)
})

test('holds so many bytes of bodies at once, and gives them back with each answer', async () => {
  const limits = { bodyBytes: 1024, bodiesBytes: 1024 }
  const { port, url } = await startServer({ routes: [echo], limits })
  const post = (): Promise<Response> => {
    const body = JSON.stringify({ payload: 'x'.repeat(500) })
    return fetch(`${url}/api/v1/echo`, { method: 'POST', headers: json, body })
  }
  for (let count = 0; count < 5; count += 1) expect((await post()).status).toBe(200)

  const head = `POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n`
  const { connect } = await import('node:net')
  const slow = connect(port, '127.0.0.1')
  slow.write(`${head}Content-Length: 1000\r\n\r\n${' '.repeat(999)}`)
  let refused = await post()
  while (refused.status === 200) refused = await post() // until the slow one has been seen
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  slow.destroy()
  let taken = await post()
  while (taken.status === 503) taken = await post() // until its end has been seen
  expect(taken.status).toBe(200)
})

test('takes no long body where no payloads stand in it', async () => {
  const { server } = makeServer({ routes: [plainEcho] })
  const answers = [256 * 1024, 256 * 1024 + 1].map(async (bytes) => {
    const body = `{"payload":"${'x'.repeat(bytes - '{"payload":""}'.length)}"}`
    const { status } = await server.inject({ method: 'POST', path: '/api/v1/echo', headers: json, body })
    return status
  })
  expect(await Promise.all(answers)).toEqual([200, 413])
})
