import { expect, test } from 'vitest'
import {
  CapacityError,
  DivergenceError,
  EndpointDisabledError,
  EndpointNotFoundError,
  EventNotFoundError,
  IdempotencyConflictError,
  InvalidOptionError,
  InvalidPayloadError,
  InvalidSecretError,
  InvalidUrlError,
  LogFormatError,
  PayloadTooLargeError,
  ServiceClosedError,
  StorageError,
} from '../../../src/index.ts'
import { makeServer } from '../start-server.ts'
import { answering, thingsRoute } from '../test-routes.ts'
import { errorOf } from '../error-of.ts'

const json = { 'content-type': 'application/json' }

test.each([
  [404, new EndpointNotFoundError('no')],
  [404, new EventNotFoundError('no')],
  [409, new EndpointDisabledError('no')],
  [409, new IdempotencyConflictError('no')],
  [400, new InvalidUrlError('no')],
  [400, new InvalidSecretError('no')],
  [400, new InvalidPayloadError('no')],
  [400, new InvalidOptionError('no', 'retry.maxAttempts', 0)],
  [413, new PayloadTooLargeError('no', 1)],
  [429, new CapacityError('no', 'limits.pendingEvents')],
  [503, new ServiceClosedError('no')],
])('answers %i for %o', async (status, error) => {
  const { server } = makeServer({ routes: [answering(() => Promise.reject(error))] })
  const answer = await server.inject({ method: 'GET', path: '/api/v1/answer', headers: { 'x-request-id': 'mine-1' } })
  expect(answer.status).toBe(status)
  const shown = errorOf(answer.text)
  expect(shown).toMatchObject({ code: error.code, message: 'no', requestId: 'mine-1' })
  expect('retry-after' in answer.headers).toBe(status === 429 || status === 503)
})

test.each([
  [new StorageError('the log "/srv/hookline.db": no space', 'full', true), '3'],
  [new StorageError('the log "/srv/hookline.db": bad disk', 'ioError', false), '30'],
])(
  'tells the log, and not whoever asks, where the files are and what is wrong with them: %o',
  async (error, seconds) => {
    const lines: object[] = []
    const log = { debug() {}, info() {}, warn: (fields: object) => lines.push(fields), error() {} }
    const { server } = makeServer({ routes: [answering(() => Promise.reject(error))], log })
    const { status, headers, text } = await server.inject({ method: 'GET', path: '/api/v1/answer' })
    expect([status, headers['retry-after']]).toEqual([503, seconds])
    const { code, requestId } = errorOf(text)
    expect(code).toBe('STORAGE_FAILED')
    expect(text).not.toMatch(/srv|hookline\.db|space|disk/)
    expect(lines).toEqual([{ requestId, err: error }])
  },
)

test.each([
  ['retry.maxAttempts', '/retry/maxAttempts'],
  ['eventTypes[2]', '/eventTypes/2'],
  ['', ''],
])('names the option %o by the pointer %o', async (option, path) => {
  const refuse = (): never => {
    throw new InvalidOptionError('is wrong', option, 0)
  }
  const { server } = makeServer({ routes: [answering(refuse)] })
  const { text } = await server.inject({ method: 'GET', path: '/api/v1/answer' })
  expect(errorOf(text).fields).toEqual([{ path, message: 'is wrong' }])
})

test.each([new DivergenceError('record 3 of payload x', 3), new LogFormatError('line 3 of payload x', 3)])(
  'tells that records are damaged, and not which; that is no fault of the process: %o',
  async (error) => {
    const faults: unknown[] = []
    const lines: object[] = []
    const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => lines.push(fields) }
    const throwing = answering(() => Promise.reject(error))
    const { server } = makeServer({ routes: [throwing], onFault: (fault) => faults.push(fault), log })
    const { status, text } = await server.inject({ method: 'GET', path: '/api/v1/answer' })
    const { code, requestId } = errorOf(text)
    expect([status, code]).toEqual([500, error.code])
    expect(text).not.toContain('3 of payload')
    expect(faults).toEqual([])
    expect(lines).toEqual([{ requestId, err: error }])
  },
)

test.each([
  [400, 'MALFORMED_REQUEST', { code: 'FST_ERR_UNHEARD_OF', statusCode: 400 }],
  [422, 'MALFORMED_REQUEST', { code: 'FST_ERR_UNHEARD_OF', statusCode: 422 }],
  [500, 'INTERNAL_ERROR', { code: 'FST_ERR_UNHEARD_OF', statusCode: 500 }],
  [500, 'INTERNAL_ERROR', { code: 'ERR_OF_ANOTHER', statusCode: 400 }],
])('answers %i %s for an error of the framework or another that says %o', async (status, code, details) => {
  const faults: unknown[] = []
  const error = Object.assign(new Error('whatever it says'), details)
  const onFault = (fault: unknown): unknown => faults.push(fault)
  const { server } = makeServer({ routes: [answering(() => Promise.reject(error))], onFault })
  const answer = await server.inject({ method: 'GET', path: '/api/v1/answer' })
  expect([answer.status, errorOf(answer.text).code]).toEqual([status, code])
  expect(answer.text).not.toContain('whatever')
  expect(faults).toEqual(status === 500 ? [error] : [])
})

test.each([new Error('the secret is whsec_1'), 'thrown text'])(
  'says nothing of an error that it cannot judge, and reports it: %o',
  async (error) => {
    const faults: unknown[] = []
    const lines: object[] = []
    const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => lines.push(fields) }
    const throwing = answering(() => Promise.reject(error as Error))
    const onFault = (fault: unknown, place: object): unknown => faults.push(fault, place)
    const { server } = makeServer({ routes: [throwing], onFault, log })
    const { status, text } = await server.inject({ method: 'GET', path: '/api/v1/answer' })
    const shown = errorOf(text)
    expect([status, shown.code]).toEqual([500, 'INTERNAL_ERROR'])
    expect(text).not.toMatch(/whsec|record 3|thrown text|stack|\.ts/)
    const place = { where: 'request', requestId: shown.requestId }
    expect(faults).toEqual([error, place])
    expect(lines).toEqual([{ ...place, err: error }])
  },
)

test('names every field that is wrong, in every part of the request', async () => {
  const { server } = makeServer({ routes: [thingsRoute] })
  const things = [{ name: 'ab' }, { name: 'a', count: 'x', 'q/r': 1 }, {}, { name: 'ab', kind: 'huge', note: 3 }]
  const { status, text } = await server.inject({
    method: 'POST',
    path: '/api/v1/things/1?limit=0&more=1&all=perhaps',
    headers: json,
    body: JSON.stringify(things),
  })
  const { code, fields } = errorOf(text)
  expect([status, code]).toEqual([400, 'INVALID_REQUEST'])
  expect(fields).toHaveLength(9)
  expect(fields).toEqual(
    expect.arrayContaining([
      { in: 'query', path: '/more', message: 'is not known; valid are limit, tags, all' },
      { in: 'query', path: '/limit', message: 'must be >= 1' },
      { in: 'query', path: '/all', message: 'must be true or false' },
      { path: '/1/q~1r', message: 'is not known; valid are name, count, kind, note' },
      { path: '/1/name', message: 'must not have fewer than 2 characters' },
      { path: '/1/count', message: 'must be a whole number' },
      { path: '/2/name', message: 'is missing' },
      { path: '/3/kind', message: 'must be "small" or "large"' },
      { path: '/3/note', message: 'must be a string or null' },
    ]),
  )
})

test('refuses what has more names that are not known than can be told', async () => {
  const { server } = makeServer({ routes: [thingsRoute] })
  const body = JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`name-${n}`, n])))
  const { status, text } = await server.inject({ method: 'POST', path: '/api/v1/things/1', headers: json, body })
  const { code, fields } = errorOf(text)
  expect([status, code, fields?.[0]?.path]).toEqual([400, 'INVALID_REQUEST', expect.any(String)])
})

test('names a hundred fields of a batch at most, and leaves TypeBox as it was for others', async () => {
  const { server } = makeServer({ routes: [thingsRoute] })
  const body = JSON.stringify(Array.from({ length: 1000 }, () => ({ name: 1 })))
  const { text } = await server.inject({ method: 'POST', path: '/api/v1/things/1', headers: json, body })
  const { fields } = errorOf(text)
  expect(fields).toHaveLength(100)
  expect(fields?.[99]).toEqual({ path: '/99/name', message: 'must be a string' })
  const { Settings } = await import('typebox/system')
  expect(Settings.Get().maxErrors).toBe(8)
})

test('reads numbers, truth values, lists and defaults from a query, and nothing that only resembles them', async () => {
  const { server } = makeServer({ routes: [thingsRoute] })
  const ask = async (query: string): Promise<unknown> => {
    const path = `/api/v1/things/a%2Fb${query}`
    const { status, text } = await server.inject({ method: 'POST', path, headers: json, body: '{"name":"ab"}' })
    return status === 200 ? (JSON.parse(text) as Record<string, unknown>)['asked'] : status
  }
  expect(await ask('')).toEqual({ limit: 50 })
  expect(await ask('?limit=7&tags=a&tags=b&all=true')).toEqual({ limit: 7, tags: ['a', 'b'], all: true })
  expect(await ask('?tags=a&all=false')).toEqual({ limit: 50, tags: ['a'], all: false })
  for (const limit of ['', '1e2', '0x10', ' 7', '7.5', '+7', '1&limit=2', 'NaN'])
    expect(await ask(`?limit=${limit}`)).toBe(400)
})

test.each([
  ['GET', '/api/v1/things/1', 405, 'POST'],
  ['DELETE', '/api/v1/answer', 405, 'GET, HEAD'],
  ['PROPFIND', '/api/v1/answer', 405, 'GET, HEAD'],
  ['OPTIONS', '/openapi.json', 405, 'GET, HEAD'],
  ['GET', '/api/v1/nothing', 404, undefined],
  ['GET', '/api/v1/things/', 404, undefined],
  ['GET', '/api/v1/answer/', 404, undefined],
  ['GET', '/API/V1/ANSWER', 404, undefined],
  ['GET', '/api/v1/%2e%2e/answer', 404, undefined],
  ['GET', '/api/v1/things/%', 400, undefined],
  ['POST', `/api/v1/things/${'x'.repeat(513)}`, 414, undefined],
])('answers %s %s with %i in the form of every error', async (method, path, status, allow) => {
  const { server } = makeServer({ routes: [thingsRoute, answering(() => ({ status: 200 }))] })
  const answer = await server.inject({ method, path })
  expect([answer.status, answer.headers['allow']]).toEqual([status, allow])
  const { error } = JSON.parse(answer.text)
  expect(error).toEqual({
    code: expect.stringMatching(/^[A-Z_]+$/),
    message: expect.any(String),
    requestId: answer.headers['x-request-id'],
  })
  expect(answer.headers['content-security-policy']).toBeDefined()
})

test("takes a caller's own id for a request where it is sane, and gives one where it is not", async () => {
  const { server } = makeServer()
  const idFor = async (id: string): Promise<unknown> => {
    const answer = await server.inject({ method: 'GET', path: '/api/v1/version', headers: { 'x-request-id': id } })
    return answer.headers['x-request-id']
  }
  expect(await idFor('trace/1:a.b-c_d')).toBe('trace/1:a.b-c_d')
  for (const id of ['', 'a b', 'x'.repeat(129), 'a"b', 'ä', '<script>']) expect(await idFor(id)).toMatch(/^req_[\w-]+$/)
})
