import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  CapacityError,
  EndpointNotFoundError,
  EventNotFoundError,
  HooklineError,
  IdempotencyConflictError,
  InvalidOptionError,
  InvalidPayloadError,
  InvalidSecretError,
  InvalidUrlError,
  PayloadTooLargeError,
  createWebhookService,
  type WebhookService,
  type WebhookServiceOptions,
} from '../../src/index.ts'

const canary = 'hunter2'
const secret = `${canary}-secret`

const errors = {
  CAPACITY_REACHED: CapacityError,
  ENDPOINT_NOT_FOUND: EndpointNotFoundError,
  EVENT_NOT_FOUND: EventNotFoundError,
  IDEMPOTENCY_CONFLICT: IdempotencyConflictError,
  INVALID_OPTION: InvalidOptionError,
  INVALID_PAYLOAD: InvalidPayloadError,
  INVALID_SECRET: InvalidSecretError,
  INVALID_URL: InvalidUrlError,
  PAYLOAD_TOO_LARGE: PayloadTooLargeError,
} as const

/** The service as a caller without types sees it: every argument may be anything. */
type UntypedService = Record<keyof Omit<WebhookService, 'log'>, (...args: unknown[]) => unknown> &
  Pick<WebhookService, 'log'>

const untyped = (service: WebhookService): UntypedService => service as unknown as UntypedService // only forgets types

let service: UntypedService
let endpoint: string
let event: string

function start(options: WebhookServiceOptions = {}): void {
  const started = untyped(createWebhookService(options))
  onTestFinished(async () => {
    await started.shutdown()
  })
  service = started
  endpoint = String(service.registerEndpoint('https://merchant.example/hooks', secret))
  // Paused, so that nothing changes but by the calls under test.
  service.pauseEndpoint(endpoint)
  event = String(service.submitEvent(endpoint, 'payment.captured', { amount: 1 }))
}

beforeEach(() => start())

/** The call throws an error with this code and a message that fits, tells no secret, and changes nothing. */
function expectRefused(call: () => unknown, code: keyof typeof errors, message: RegExp): HooklineError {
  const stateOf = (): unknown => [service.stats(), Array.from(service.log.entries()), service.listEndpoints()]
  const before = stateOf()
  let thrown: unknown
  try {
    call()
  } catch (error) {
    thrown = error
  }
  if (!(thrown instanceof HooklineError)) throw thrown
  const error: HooklineError = thrown
  expect([error.code, error.name]).toEqual([code, errors[code].name])
  expect(error).toBeInstanceOf(errors[code])
  expect(error.message).toMatch(message)
  expect(`${error.message} ${error.stack} ${String(error.cause)} ${JSON.stringify(error)}`).not.toContain(canary)
  expect(stateOf()).toEqual(before)
  return error
}

function expectOptionRefused(call: () => unknown, option: string, message = /, got | is not an option/): void {
  const error = expectRefused(call, 'INVALID_OPTION', message)
  if (!(error instanceof InvalidOptionError)) throw error
  expect(error.option).toBe(option)
  expect(error.message.startsWith(option)).toBe(true)
}

describe('registerEndpoint', () => {
  it.each([
    ['no URL', `not a url ${canary}`, /must be an absolute URL such as https:/],
    ['a relative URL', `/hooks?token=${canary}`, /must be an absolute URL/],
    ['nothing', undefined, /must be a string or a URL object, got undefined/],
    ['the empty string', '', /must be an absolute URL/],
    ['a number', 8080, /must be a string or a URL object, got 8080 \(number\)/],
    ['another scheme', `ftp://merchant.example/${canary}`, /must begin with http:\/\/ or https:\/\//],
    ['a script', `javascript:alert('${canary}')`, /must begin with http:\/\/ or https:\/\//],
    ['a file', `file:///etc/${canary}`, /must begin with http:\/\/ or https:\/\//],
    ['credentials', `https://user:${canary}@merchant.example`, /must hold no user name or password.*Authorization/],
    ['port 0', 'http://merchant.example:0', /port 0/],
    ['more than 2,048 characters', `https://merchant.example/${'x'.repeat(2048)}`, /at most 2048 characters.*got 2073/],
  ])('refuses %s for a URL', (_, url, message) => {
    expectRefused(() => service.registerEndpoint(url, secret), 'INVALID_URL', message)
    expectRefused(() => service.updateEndpoint(endpoint, { url: url ?? null }), 'INVALID_URL', /^url must/)
  })

  it('refuses http when the egress policy wants https', () => {
    start({ egress: { httpsOnly: true } })
    expectRefused(() => service.registerEndpoint('http://merchant.example', secret), 'INVALID_URL', /httpsOnly/)
  })

  it.each([
    ['the empty secret', '', /a string of 1 to 1024 characters, got a string of 0 characters/],
    ['no secret', undefined, /got undefined/],
    ['null', null, /got null/],
    ['bytes', Buffer.from(secret), /got a value of type object/],
    ['a long secret', canary.repeat(200), /got a string of 1400 characters/],
    ['half a character', `${canary}\ud800`, /well-formed Unicode/],
    ['a whsk_ that is no key', `whsk_${canary}`, /whsk_ must go on with the base64 of an ed25519 key/],
    ['a public key', `whpk_${canary}`, /a public key \(whpk_\) cannot sign/],
    ['a whsec_ and nothing more', 'whsec_', /whsec_ must go on with a key/],
  ])('refuses %s', (_, value, message) => {
    expectRefused(() => service.registerEndpoint('https://merchant.example', value), 'INVALID_SECRET', message)
    expectRefused(() => service.rotateSecret(endpoint, value), 'INVALID_SECRET', message)
  })

  it.each([
    ['timeoutMs', { timeoutMs: -1 }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['timeoutMs', { timeoutMs: NaN }],
    ['timeoutMs', { timeoutMs: 1.5 }],
    ['timeoutMs', { timeoutMs: Infinity }],
    ['timeoutMs', { timeoutMs: '5000' }],
    ['retry.maxAttempts', { retry: { maxAttempts: 0 } }],
    ['retry.initialDelayMs', { retry: { initialDelayMs: -1 } }],
    ['retry.initialDelayMs', { retry: { initialDelayMs: 2000, maxDelayMs: 1000 } }],
    ['retry.multiplier', { retry: { multiplier: NaN } }],
    ['retry.jitter', { retry: { jitter: 1.1 } }],
    ['retry.retryableStatuses[1]', { retry: { retryableStatuses: [429, 410] } }],
    ['rateLimit.perSecond', { rateLimit: { perSecond: -1 } }],
    ['rateLimit.burst', { rateLimit: { perSecond: 1, burst: 0 } }],
    ['breaker.failures', { breaker: { failures: NaN, cooldownMs: 1000 } }],
    ['breaker.cooldownMs', { breaker: { failures: 3 } }],
    ['ordering', { ordering: 'lifo' }],
    ['whenExhausted', { whenExhausted: 'drop' }],
    ['body', { body: 'xml' }],
    ['concurrency', { ordering: 'key', concurrency: 0 }],
    ['eventTypes', { eventTypes: [] }],
    ['eventTypes[0]', { eventTypes: ['payment..captured'] }],
    ['eventTypes[1]', { eventTypes: ['a', 'b\n'] }],
    ['signing.header', { signing: { header: 'Host' } }],
    ['signing.encoding', { signing: { encoding: 'rot13' } }],
    ['tenantId', { tenantId: '' }],
    ['timeout', { timeout: 5000 }],
    ['signing.secret', { signing: { secret } }],
    ['options', null],
    ['options', []],
  ])('refuses the option %s in %j', (option, options) => {
    expectOptionRefused(() => service.registerEndpoint('https://merchant.example', secret, options), option)
  })

  it.each([
    'Host',
    'content-length',
    'Transfer-Encoding',
    'Connection',
    'Content-Type',
    'X-Signature',
    'webhook-id',
    'X-Event-Id',
    'User-Agent',
    'Cookie',
    'X-Forwarded-For',
    'Proxy-Authorization',
  ])('refuses the custom header %s, which is reserved', (name) => {
    const headers = { [name]: canary }
    const register = () => service.registerEndpoint('https://merchant.example', secret, { headers })
    expectOptionRefused(register, `headers["${name}"]`, /must not be set, got a header reserved/)
  })

  it.each([
    ['a space in its name', 'X Key', 'v', /letters, digits and hyphens/],
    ['a line break in its name', 'X-Key\r\nX-Evil', 'v', /letters, digits and hyphens/],
    ['a colon in its name', `X-Key: ${canary}`, 'v', /letters, digits and hyphens/],
    ['no name', '', 'v', /letters, digits and hyphens/],
    ['a line break in its value', 'X-Key', `${canary}\r\nX-Evil: 1`, /only visible ASCII, spaces and tabs/],
    ['a zero byte in its value', 'X-Key', `${canary}\0`, /only visible ASCII/],
    ['a value beyond ASCII', 'X-Key', `${canary}✓`, /only visible ASCII/],
    ['no value', 'X-Key', '', /1 to 4096 bytes/],
    ['a value of another type', 'X-Key', [canary], /must be a string, got a value of type object/],
    ['a space at the end of its value', 'X-Key', `${canary} `, /must not begin or end with a space/],
  ])('refuses a custom header with %s', (_, name, value, message) => {
    const register = () =>
      service.registerEndpoint('https://merchant.example', secret, { headers: { 'X-Good': canary, [name]: value } })
    expectRefused(register, 'INVALID_OPTION', message)
    expectRefused(() => service.updateEndpoint(endpoint, { headers: { [name]: value } }), 'INVALID_OPTION', message)
  })

  it('refuses one endpoint more than the limit', () => {
    start({ limits: { endpoints: 1 } })
    const register = () => service.registerEndpoint('https://merchant.example', secret)
    expectRefused(register, 'CAPACITY_REACHED', /1 endpoints are registered and limits.endpoints is 1/)
  })
})

describe('submitEvent and publishEvent', () => {
  /** Both calls, with all else as it should be. */
  const calls = (eventType: unknown, payload: unknown, options?: unknown): (() => unknown)[] => [
    () => service.submitEvent(endpoint, eventType, payload, options),
    () => service.publishEvent(eventType, payload, options),
  ]

  it.each([
    '',
    'payment\ncaptured',
    'payment captured',
    'payment..captured',
    '.payment',
    'paymént',
    'x'.repeat(129),
    undefined,
    7,
    null,
  ])('refuse the event type %j', (eventType) => {
    for (const call of calls(eventType, {}))
      expectOptionRefused(call, 'eventType', /1 to 128 of A-Z a-z 0-9 _ -.*, got /)
  })

  const circular: Record<string, unknown> = { items: [{}] }
  circular['items'] = [{ parent: circular }]
  it.each([
    ['a circle', circular, /payload\.items\[0\]\.parent is a circular reference/],
    ['a BigInt', { order: { total: 10n } }, /payload\.order\.total is a BigInt/],
    ['undefined', undefined, /must be a JSON value, got undefined/],
    ['a function', () => canary, /must be a JSON value, got a function/],
    ['a symbol', Symbol(canary), /must be a JSON value, got a symbol/],
    [
      'a toJSON that throws',
      { at: { toJSON: () => JSON.parse('') as unknown } },
      /payload\.at has a toJSON that throws/,
    ],
  ])('refuse a payload that is or holds %s', (_, payload, message) => {
    for (const call of calls('tick', payload)) expectRefused(call, 'INVALID_PAYLOAD', message)
  })

  it('refuse a payload that is too large', () => {
    start({ limits: { payloadBytes: 20 } })
    for (const call of calls('tick', 'ü'.repeat(10))) {
      expectRefused(call, 'PAYLOAD_TOO_LARGE', /has 22 bytes; limits\.payloadBytes allows 20/)
    }
  })

  it('refuse what goes beyond the events and bytes that may wait', () => {
    start({ limits: { pendingEvents: 1 } })
    for (const call of calls('tick', {})) expectRefused(call, 'CAPACITY_REACHED', /limits\.pendingEvents is 1/)
    // The event that waits has 12.
    start({ limits: { pendingBytes: 15 } })
    for (const call of calls('tick', 'abc'))
      expectRefused(call, 'CAPACITY_REACHED', /12 bytes wait and limits\.pendingBytes is 15/)
  })

  it.each([
    ['idempotencyKey', { idempotencyKey: '' }],
    ['idempotencyKey', { idempotencyKey: 'a\nb' }],
    ['idempotencyKey', { idempotencyKey: 7 }],
    ['orderingKey', { orderingKey: 'x'.repeat(257) }],
    ['delay', { delay: 5 }],
    ['options', 'key'],
  ])('refuse the option %s in %j', (option, options) => {
    for (const call of calls('tick', {}, options)) expectOptionRefused(call, option)
  })

  it('publish to all subscribers or to none', () => {
    start({ limits: { pendingEvents: 3 } })
    for (let n = 0; n < 2; n += 1) service.registerEndpoint('https://merchant.example', secret)
    expectRefused(() => service.publishEvent('tick', {}), 'CAPACITY_REACHED', /1 events wait/)
  })

  it('refuse a key that names another submission', () => {
    service.submitEvent(endpoint, 'tick', { n: 1 }, { idempotencyKey: canary })
    for (const call of calls('tick', { n: 2 }, { idempotencyKey: canary })) {
      expectRefused(call, 'IDEMPOTENCY_CONFLICT', /used again for endpoint ep_.* with another event type or payload/)
    }
  })
})

describe('an unknown id', () => {
  it.each([
    'getEndpoint',
    'updateEndpoint',
    'removeEndpoint',
    'pauseEndpoint',
    'resumeEndpoint',
    'getDeadLetterEvents',
    'redeliverDeadLetters',
  ] as const)('of an endpoint is refused by %s', (call) => {
    for (const [id, shown] of [
      ['ep_unknown', '"ep_unknown" (string)'],
      [undefined, 'undefined'],
      [event, `"${event}"`],
    ] as const) {
      const error = expectRefused(
        () => service[call](id, {}),
        'ENDPOINT_NOT_FOUND',
        /never registered, or it was removed/,
      )
      expect(error.message).toContain(shown)
    }
  })

  it('of an endpoint is refused by submitEvent and rotateSecret', () => {
    expectRefused(() => service.submitEvent('ep_unknown', 'tick', {}), 'ENDPOINT_NOT_FOUND', /"ep_unknown"/)
    expectRefused(() => service.rotateSecret('ep_unknown', secret), 'ENDPOINT_NOT_FOUND', /"ep_unknown"/)
  })

  it.each(['getEventStatus', 'getEvent', 'explain', 'redeliver'] as const)('of an event is refused by %s', (call) => {
    for (const id of ['evt_unknown', undefined, endpoint]) {
      expectRefused(() => service[call](id), 'EVENT_NOT_FOUND', /never submitted, or retention has evicted it/)
    }
  })
})

describe('other calls', () => {
  it.each([
    ['timeoutMs', { timeoutMs: NaN }],
    ['retry.maxAttempts', { description: 'x', retry: { maxAttempts: -1 } }],
    ['secret', { secret }],
  ])('updateEndpoint refuses the option %s in %j', (option, patch) => {
    expectOptionRefused(() => service.updateEndpoint(endpoint, patch), option)
  })

  it('rotateSecret refuses an overlap that is none', () => {
    for (const overlapMs of [-1, NaN, '1 day', 2 ** 40]) {
      expectOptionRefused(() => service.rotateSecret(endpoint, secret, { overlapMs }), 'overlapMs')
    }
  })

  it('on refuses a type that is none, and what is no function', () => {
    expectOptionRefused(() => service.on('delivered', () => undefined), 'type', /'settled' or .*, got "delivered"/)
    expectOptionRefused(() => service.on('settled', null), 'listener', /must be a function, got null/)
  })

  it('shutdown refuses what it cannot take, and the service goes on', () => {
    expectOptionRefused(() => service.shutdown({ timeoutMs: -1 }), 'timeoutMs')
    expectOptionRefused(() => service.shutdown({ drain: 'yes' }), 'drain')
    expect(service.submitEvent(endpoint, 'tick', {})).toMatch(/^evt_/)
  })
})

describe('createWebhookService', () => {
  it.each([
    ['timeoutMs', { timeoutMs: -5 }, /whole number from 1 to 600000, got -5 \(number\)/],
    ['concurrency', { concurrency: NaN }, /got NaN \(number\)/],
    ['concurrency', { concurrency: 0 }, /whole number from 1/],
    ['retry.maxAttempts', { retry: { maxAttempts: '3' } }, /got "3" \(string\)/],
    ['retryPolicies[0].retry.jitter', { retryPolicies: [{ eventTypes: ['*'], retry: { jitter: -1 } }] }, /from 0 to 1/],
    ['limits.pendingEvents', { limits: { pendingEvents: 0 } }, /whole number from 1/],
    ['retention.ageMs', { retention: { ageMs: -1 } }, /whole number from 1/],
    ['egress.privateNetworks', { egress: { privateNetworks: 'block' } }, /must be 'deny' or 'allow', got "block"/],
    ['egress.deny[0]', { egress: { deny: ['10.0.0.0/99'] } }, /must be an IP address, a network/],
    ['log', { log: {} }, /methods append, appendAll, evict, flush, entries/],
    ['clock', { clock: Date }, /methods now, monotonic/],
    ['timeoutMS', { timeoutMS: 5 }, /is not an option; valid are retry, /],
    ['options', 'fast', /must be a plain object, got a string of 4/],
  ])('refuses the option %s in %j', (option, options, message) => {
    // Callers without types may pass anything.
    expectOptionRefused(() => createWebhookService(options as WebhookServiceOptions), option, message)
  })
})
