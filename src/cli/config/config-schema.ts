// Every key of the configuration, once: its default, what is valid and what it means. The name of its variable and of its flag
// come from its path (config-keys.ts). What the engine takes has the engine's own defaults and ranges: a test compares them.
import Type from 'typebox'
import type { Static } from 'typebox'
import {
  whole,
  yesOrNo,
  text,
  strict,
  weekMs,
  tenYearsMs,
  retryFields,
  retryPolicy,
  secretKey,
  addressRule,
  webUrl,
  postUrl,
  signingSecret,
} from './key-schemas.ts'
import type { About } from './key-schemas.ts'

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
    keys: text({
      defaultText: '`store` and `.keys.json`',
      description: 'the file of the API keys, which `hookline keys` writes',
    }),
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
        privateNetworks: Type.Enum(['allow', 'deny'], {
          defaultText: '`allow`; with `NODE_ENV=production` `deny`',
          description: 'whether requests may go to addresses that are not public',
        }),
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
        bodiesBytes: whole(
          1024,
          68_719_476_736,
          268_435_456,
          'all bodies of requests that are not answered yet, together',
        ),
        fanOut: whole(1, 1_000_000, 10_000, 'webhooks that one event without `endpointId` may reach; beyond: 413'),
        connections: whole(1, 1_000_000, 20_000, 'connections at once, idle ones included; more are closed at once'),
        headersTimeoutMs: whole(100, 3_600_000, 10_000, 'how long the headers of a request may take to arrive'),
        requestTimeoutMs: whole(100, 3_600_000, 30_000, 'how long a whole request may take to arrive'),
        keepAliveTimeoutMs: whole(100, 3_600_000, 15_000, 'how long a connection may stay without a request'),
        stalledTimeoutMs: whole(
          100,
          3_600_000,
          60_000,
          'how long a connection may stay without a byte while an answer is owed',
        ),
      },
      strict,
    ),
    alerts: Type.Object(
      {
        url: Type.Optional(
          postUrl({
            secretUrl: true,
            defaultText: 'none',
            description: 'where alerts are sent; without it there are none',
          }),
        ),
        secret: Type.Optional(
          signingSecret({
            secret: true,
            defaultText: 'none',
            description: 'signs the alerts, as any endpoint’s secret does; needed with `form: json`',
          }),
        ),
        form: Type.Enum(['json', 'slack'], {
          default: 'json',
          description: 'hookline’s own form, or one that Slack and its like take',
        }),
        everyMs: whole(
          1000,
          86_400_000,
          600_000,
          'how long one kind of alert about one endpoint is followed by no other',
        ),
        lagMs: whole(1000, 2_592_000_000, 300_000, 'how long an event may wait before there is an alert'),
      },
      strict,
    ),
    health: Type.Object(
      {
        maxLagMs: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 2_592_000_000,
            defaultText: 'none',
            description: 'how long an event may have waited before the service says that it is not ready',
          }),
        ),
      },
      strict,
    ),
    metrics: Type.Object(
      {
        eventTypes: whole(0, 10_000, 100, 'how many event types are told apart; the others are counted as `other`'),
      },
      strict,
    ),
    stream: Type.Object(
      {
        clients: whole(0, 10_000, 64, 'live streams open at once'),
        clientsPerTenant: whole(0, 10_000, 16, 'of them, with keys of one tenant'),
        bufferedBytes: whole(65_536, 67_108_864, 1_048_576, 'bytes kept for a client that it has not read'),
        resumedSteps: whole(0, 1_000_000, 10_000, 'steps read from the log to a client that comes back or lags'),
        heartbeatMs: whole(1000, 600_000, 15_000, 'something is sent at least so often'),
        ageMs: whole(1000, 86_400_000, 900_000, 'how long a stream stays open before its client connects again'),
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
          3_600_000,
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
