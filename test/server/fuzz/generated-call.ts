import fc from 'fast-check'
import type { ApiDocument, JsonSchema, Operation } from './api-document.ts'
import { mentionOf } from './known-things.ts'
import { anything, membersOf, valuesOf } from './values-of-schema.ts'
import type { ValueSource } from './values-of-schema.ts'

export const callers = ['platform', 'tenant', 'publisher', 'shop', 'reader', 'auditor', 'nobody', 'forged'] as const

/** What is wrong with a request beside its parts: each of these has an answer of its own. */
const troubles = ['foreignHost', 'twoHosts', 'longPath', 'oversized'] as const
/** Only a server without keys minds a foreign host. */
const drawnTroubles = ['foreignHost', 'foreignHost', ...troubles] as const

/** A request as it was drawn: ids of things are mentions yet. */
export interface GeneratedCall {
  readonly operation: Operation
  readonly caller: (typeof callers)[number]
  readonly path: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, unknown>>
  /** Undefined for none. */
  readonly body: unknown
  /** Null to send the body as the JSON it is. */
  readonly text: string | null
  readonly mediaType: string
  readonly trouble: (typeof troubles)[number] | null
  /** Of a stream: while how many calls more it stays open. */
  readonly stays: number
}

export function callsOf({ operations, resolve }: ApiDocument): fc.Arbitrary<GeneratedCall> {
  const source: ValueSource = { resolve, meaningful }
  // What puts something there is drawn more often: all others need it. Of streams, several must be open at once.
  const often = operations.filter(
    ({ method, path }) => (method === 'POST' && /\/(?:webhooks|events)$/.test(path)) || path.endsWith('/stream'),
  )
  return fc.oneof(...[...operations, ...often, ...often, ...often].map((operation) => callOf(operation, source)))
}

function callOf(operation: Operation, source: ValueSource): fc.Arbitrary<GeneratedCall> {
  return fc.record({
    operation: fc.constant(operation),
    caller: fc.oneof(
      { weight: 5, arbitrary: fc.constant('platform' as const) },
      fc.constantFrom(...callers, 'forged' as const),
    ),
    path: parametersOf(operation, 'path', { ...source, meaningful: { ...meaningful, id: idOf(operation) } }),
    query: parametersOf(operation, 'query', source),
    headers: parametersOf(operation, 'header', source),
    body: bodyOf(operation, source),
    text: fc.oneof({ weight: 40, arbitrary: fc.constant(null) }, fc.string(), fc.constantFrom('{', '[1,', '\ufeff{}')),
    mediaType: fc.oneof(
      { weight: 15, arbitrary: fc.constant('application/json') },
      fc.constantFrom('text/plain', 'application/json; charset=utf-16', ''),
    ),
    trouble: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, fc.constantFrom(...drawnTroubles)),
    stays: fc.nat(40),
  })
}

function parametersOf(
  { parameters = [] }: Operation,
  where: string,
  source: ValueSource,
): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const given = parameters.filter((parameter) => parameter.in === where)
  const members = given.map(({ name, schema }) => [name, valuesOf(schema, source, name)] as const)
  const requiredKeys = where === 'path' ? given.map(({ name }) => name) : []
  const known = membersOf(members, requiredKeys)
  if (where !== 'query') return known
  const unknown = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), anything, { minKeys: 1, maxKeys: 2 })
  return fc.oneof({ weight: 15, arbitrary: known }, unknown)
}

function bodyOf({ body, bodyRequired, method }: Operation, source: ValueSource): fc.Arbitrary<unknown> {
  const none = fc.constant(undefined)
  if (method === 'GET') return none
  if (body === null) return fc.oneof({ weight: 3, arbitrary: none }, anything)
  const given = bodySchemaOf(body, source)
  return fc.oneof({ weight: bodyRequired ? 20 : 2, arbitrary: given }, none)
}

function bodySchemaOf(schema: JsonSchema, source: ValueSource): fc.Arbitrary<unknown> {
  return valuesOf(schema, source)
}

/** One of those that there are; of keys, also one of the right form that there is not. */
function thingOf(kind: 'ep' | 'evt' | 'key'): fc.Arbitrary<string> {
  return kind === 'key' ? fc.oneof(mentionOf(kind), fc.constant('0123456789ab')) : mentionOf(kind)
}

/** What the `id` of a path is: the id of a thing of that resource, mostly. */
function idOf({ path }: Operation): fc.Arbitrary<unknown> {
  const kind = path.includes('webhooks') ? 'ep' : path.includes('keys') ? 'key' : 'evt'
  const own = path.includes('tenants') ? fc.constantFrom('acme', 'other', 'a/b', 'ä') : thingOf(kind)
  return fc.oneof({ weight: 12, arbitrary: own }, mentionOf('ep'), mentionOf('evt'), fc.string({ unit: 'binary' }))
}

const times = fc.constantFrom(
  '2026-01-01T00:00:00Z',
  '2020-01-01T00:00:00.5Z',
  '2026-02-01',
  '2027-01-01T00:00:00+02:00',
  '1999-12-31T23:59:60Z',
  '2030-01-01T00:00:00.000Z',
  '1970-01-01T00:00:00Z',
  'yesterday',
)

const meaningful: ValueSource['meaningful'] = {
  url: fc.constantFrom(
    'https://merchant.example/hooks',
    'https://merchant.example/a?b=c',
    'http://a.example:8080/',
    'http://127.0.0.1:9/',
    'http://[::1]/',
    'https://a.example/?b#c',
    'ftp://a',
  ),
  secret: fc.constantFrom(
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'a shared secret',
    'another',
    'whsec_',
    'whsk_x',
    'whpk_x',
  ),
  eventType: fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom('a', 'a.b', 'a.c', 'b', 'dead', 'webhook.test') },
    fc.constantFrom('a.*', '*', 'a..b'),
  ),
  payload: fc.oneof({ weight: 15, arbitrary: anything }, fc.constant('too large for the service'.repeat(100))),
  eventTypes: fc.constantFrom('a', 'a.b', 'a.*', '*', '*.a'),
  orderingKey: fc.oneof({ weight: 15, arbitrary: fc.constantFrom('a', 'b') }, fc.constant('\0')),
  endpointId: mentionOf('ep'),
  cursor: mentionOf('cursor'),
  idempotencyKey: mentionOf('idempotencyKey'),
  'idempotency-key': mentionOf('idempotencyKey'),
  tenantId: fc.constantFrom('acme', 'other', '\ud800'),
  headers: fc.constantFrom({}, { 'X-A': 'b' }, { Host: 'x' }, { 'x\r\ny': 'z' }, { 'X-B': 'b\0' }, { 'X-A': 1 }),
  'last-event-id': fc.oneof(fc.nat(60).map(String), fc.constantFrom('0', '999999999999999', '-1', 'x')),
  header: fc.constantFrom('X-Signature', 'Host', 'x:y', 'Webhook-Id'),
  submittedAfter: times,
  submittedBefore: times,
}
