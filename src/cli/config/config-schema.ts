// Every key of the configuration, once: its default, what is valid and what it means. The name of its variable and of its flag
// come from its path (config-keys.ts). What the engine takes has the engine's own defaults and ranges: a test compares them.
import Type from 'typebox'
import type { Static, TSchema } from 'typebox'
import { parsePattern } from '../../endpoint/event-type-pattern.ts'
import { readSecretKeys } from '../../sealing/secret-keys.ts'
import { createEgressPolicy } from '../../transport/egress/egress-policy.ts'

/** What a key says of itself beside JSON Schema. */
export interface KeyNotes {
  /** What is valid, in words, where type and range do not say it; follows "must be". */
  readonly rule?: string
  /** The default in words, where it depends on something. */
  readonly defaultText?: string
  /** Shown nowhere; and never given as a flag, which everyone on the machine could read. */
  readonly secret?: true
  /** A URL that may hold a secret: only its origin is shown, and it is no flag either. */
  readonly secretUrl?: true
  /** The flag's name, where it is not made of the path. */
  readonly flag?: string
}

type About = KeyNotes & { readonly description: string }

const whole = (minimum: number, maximum: number, fallback: number, description: string) =>
  Type.Integer({ minimum, maximum, default: fallback, description })

const yesOrNo = (fallback: boolean, description: string, notes: KeyNotes = {}) =>
  Type.Boolean({ default: fallback, description, ...notes })

const text = (about: About & { readonly default?: string }) => Type.String({ minLength: 1, maxLength: 4096, ...about })

/** A text that must pass a check of the engine's own, which throws. */
const checked = (check: (value: string) => unknown, rule: string) =>
  Type.Refine(Type.String({ rule }), (value) => passes(() => check(value)))

const strict = { additionalProperties: false }

const weekMs = 604_800_000
const tenYearsMs = 315_360_000_000

const retryFields = {
  maxAttempts: whole(1, 1000, 5, 'requests for one event, the first included; `1` never tries again'),
  initialDelayMs: Type.Integer({
    minimum: 0,
    maximum: 86_400_000,
    default: 1000,
    description:
      'the delay before the second attempt; above `maxDelayMs` it is cut to it, or refused if both are given',
  }),
  multiplier: Type.Number({
    minimum: 1,
    maximum: 100,
    default: 2,
    description: 'by how much each delay is longer than the one before',
  }),
  maxDelayMs: whole(0, 2_592_000_000, 300_000, 'no delay is longer, whatever chance or `Retry-After` says'),
  jitter: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 0.25,
    description: 'the share of a delay by which chance shortens or lengthens it',
  }),
  retryableStatuses: Type.Array(
    Type.Refine(
      Type.Integer({ minimum: 400, maximum: 499, rule: 'a whole number from 400 to 499, and not 410' }),
      (status) => status !== 410,
    ),
    {
      maxItems: 99,
      default: [],
      description: '4xx answers after which to try again; 408, 425 and 429 are the usual choice',
    },
  ),
}

const retryPolicy = Type.Object(
  {
    eventTypes: Type.Array(
      checked((value) => parsePattern(value, 'eventTypes'), 'an event type, a prefix such as "payment.*", or "*"'),
      { minItems: 1, maxItems: 100 },
    ),
    retry: Type.Partial(Type.Object(retryFields), strict),
  },
  strict,
)

const secretKey = Type.Object(
  {
    id: checked(
      (id) => readSecretKeys([{ id, key: '0'.repeat(64) }], 'secretKeys'),
      '1 to 64 visible ASCII characters',
    ),
    key: checked(
      (key) => readSecretKeys([{ id: 'checked', key }], 'secretKeys'),
      '32 bytes, as 64 hex digits or as base64',
    ),
  },
  strict,
)

const addressRule = checked(
  (rule) => createEgressPolicy({ allow: [rule] }, 'egress', {}),
  'an IP address, a network such as "10.0.0.0/8", a host name, or "*." and a host name',
)

const webUrl = (about: About) => Type.Refine(Type.String({ rule: 'an http: or https: URL', ...about }), isWebUrl)

export const configSchema = Type.Object(
  {
    store: text({
      default: './hookline.db',
      description: 'the SQLite file that holds the log: every endpoint and every event. It is made where there is none',
    }),
    secretKeys: Type.Array(secretKey, {
      maxItems: 100,
      default: [],
      secret: true,
      description: 'keys that seal the endpoints’ secrets in the file, each `{ id, key }`: the first seals, all open',
    } satisfies About & { maxItems: number; default: [] }),
    keys: Type.Optional(
      text({
        defaultText: '`store` and `.keys.json`',
        description: 'the file of the API keys, which `hookline keys` writes',
      }),
    ),
    host: text({
      default: '127.0.0.1',
      description: 'the address to listen on; without an API key only one of this machine’s own (loopback)',
    }),
    port: whole(0, 65_535, 3080, 'the port to listen on; `0` takes any that is free, and says which'),
    retry: Type.Object(retryFields, strict),
    retryPolicies: Type.Array(retryPolicy, {
      maxItems: 100,
      default: [],
      description:
        'retry policies by event type, each `{ eventTypes, retry }`: the first that matches wins, and an endpoint’s own wins over it',
    }),
    timeoutMs: whole(
      1,
      600_000,
      30_000,
      'the deadline of one request to an endpoint, from dispatch to the end of the answer',
    ),
    concurrency: whole(1, 100_000, 256, 'requests in flight at once, over all endpoints'),
    rateLimit: Type.Object(
      {
        perSecond: Type.Optional(
          Type.Number({
            minimum: 0.00001,
            maximum: 1_000_000,
            description: 'requests a second, over all endpoints',
            defaultText: 'no limit',
          }),
        ),
        burst: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 1_000_000,
            description: 'how many may go at once after a pause',
            defaultText: '`perSecond`, rounded up',
          }),
        ),
      },
      strict,
    ),
    limits: Type.Object(
      {
        pendingEvents: whole(1, 100_000_000, 100_000, 'events not yet settled; beyond, submissions are answered 429'),
        pendingBytes: whole(1, 1_099_511_627_776, 268_435_456, 'bytes of the bodies of events not yet settled'),
        payloadBytes: whole(1, 268_435_456, 1_048_576, 'bytes of one payload’s JSON'),
        endpoints: whole(1, 10_000_000, 100_000, 'endpoints registered'),
        eventsInMemory: whole(
          1,
          100_000_000,
          20_000,
          'waiting events held in memory; the others are read when their turn comes near',
        ),
        liveLanes: whole(1, 1_000_000, 10_000, 'lines held as live actors at once'),
        orderingKeys: whole(1, 10_000_000, 100_000, 'idle ordering keys whose last sequence number is remembered'),
        idleConnections: whole(0, 1_000_000, 10_000, 'connections to endpoints kept open with nothing to send'),
      },
      strict,
    ),
    retention: Type.Object(
      {
        settledEvents: whole(0, 100_000_000, 10_000_000, 'delivered and failed events kept'),
        deadLetters: whole(0, 100_000_000, 10_000_000, 'dead letters kept'),
        ageMs: whole(1, tenYearsMs, weekMs, 'how long delivered and failed events are kept'),
        deadLetterAgeMs: whole(1, tenYearsMs, weekMs, 'how long dead letters are kept'),
        endpointRecords: whole(1, 100_000, 100, 'records kept of each endpoint’s own steps, and of its breaker’s'),
      },
      strict,
    ),
    egress: Type.Object(
      {
        privateNetworks: Type.Optional(
          Type.Enum(['allow', 'deny'], {
            defaultText: '`allow`; with `NODE_ENV=production` `deny`',
            description: 'whether requests may go to addresses that are not public',
          }),
        ),
        allow: Type.Array(addressRule, { default: [], description: 'what may be called whatever the other rules say' }),
        deny: Type.Array(addressRule, { default: [], description: 'what may not be called unless `allow` names it' }),
        httpsOnly: yesOrNo(false, 'whether plain `http:` is forbidden'),
        proxy: Type.Optional(
          webUrl({
            secretUrl: true,
            defaultText: 'none',
            description: 'the HTTP proxy that every request to an endpoint goes through',
          }),
        ),
      },
      strict,
    ),
    server: Type.Object(
      {
        bodyBytes: whole(1024, 1_073_741_824, 16_777_216, 'the longest body of a request; beyond it is answered 413'),
        bodiesBytes: whole(1024, 68_719_476_736, 268_435_456, 'all bodies of requests that are not answered yet, together'),
        connections: whole(1, 1_000_000, 20_000, 'connections at once, idle ones included; more are closed at once'),
        headersTimeoutMs: whole(100, 3_600_000, 10_000, 'how long the headers of a request may take to arrive'),
        requestTimeoutMs: whole(100, 3_600_000, 30_000, 'how long a whole request may take to arrive'),
        keepAliveTimeoutMs: whole(100, 3_600_000, 15_000, 'how long a connection may stay without a request'),
        stalledTimeoutMs: whole(100, 3_600_000, 60_000, 'how long a connection may stay without a byte while an answer is owed'),
      },
      strict,
    ),
    alerts: Type.Object(
      {
        url: Type.Optional(
          webUrl({
            secretUrl: true,
            defaultText: 'none',
            description: 'where alerts are sent; without it there are none',
          }),
        ),
        secret: Type.Optional(
          text({
            secret: true,
            defaultText: 'none',
            description: 'signs the alerts, as any endpoint’s secret does; needed with `form: json`',
          }),
        ),
        form: Type.Enum(['json', 'slack'], {
          default: 'json',
          description: 'hookline’s own form, or one that Slack and its like take',
        }),
        lagMs: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: tenYearsMs,
            defaultText: 'none',
            description: 'tells when an event has waited longer than this',
          }),
        ),
      },
      strict,
    ),
    log: Type.Object(
      {
        level: Type.Enum(['debug', 'info', 'warn', 'error', 'silent'], {
          default: 'info',
          description: '`debug` has a line for every step of every event',
        }),
        pretty: yesOrNo(false, 'lines for people instead of JSON', { flag: '--pretty' }),
      },
      strict,
    ),
    shutdown: Type.Object(
      {
        graceMs: whole(
          0,
          2_592_000_000,
          25_000,
          'how long requests in flight may take to end after SIGTERM; then they are cut off, and sent again after the next start',
        ),
      },
      strict,
    ),
  },
  strict,
)

/** The configuration in force. */
export type Config = Static<typeof configSchema>

/** All that a schema here may say of itself. */
export interface SchemaNotes extends KeyNotes {
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
}

export function notesOf(schema: TSchema): SchemaNotes {
  // Every schema here is made above, and TypeBox does not say in its types what beside the type itself a schema holds.
  return schema as SchemaNotes
}

function isWebUrl(value: string): boolean {
  return passes(() => {
    const { protocol } = new URL(value)
    if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(protocol)
  })
}

function passes(check: () => void): boolean {
  try {
    check()
    return true
  } catch {
    return false
  }
}
