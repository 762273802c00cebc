import { Type } from 'typebox'
import { closedObject } from './closed-object.ts'
import { nullable } from './nullable.ts'
import { pageOf, pageQuery } from './page.ts'
import { textChoice } from './text-choice.ts'

export const webhookId = Type.String({ description: '`ep_…`' })

const time = (description: string): ReturnType<typeof Type.String> => Type.String({ format: 'date-time', description })

const retryGiven = closedObject({
  maxAttempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'The first attempt counts too.' })),
  initialDelayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400_000 })),
  multiplier: Type.Optional(Type.Number({ minimum: 1, maximum: 100 })),
  maxDelayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_592_000_000 })),
  jitter: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  retryableStatuses: Type.Optional(
    Type.Array(Type.Integer({ minimum: 400, maximum: 499 }), {
      maxItems: 99,
      description: '4xx statuses after which to try again; not 410.',
    }),
  ),
})

const retryShown = closedObject({
  maxAttempts: Type.Integer(),
  initialDelayMs: Type.Integer(),
  multiplier: Type.Number(),
  maxDelayMs: Type.Integer(),
  jitter: Type.Number(),
  retryableStatuses: Type.Array(Type.Integer()),
})

const signingGiven = closedObject({
  header: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  prefix: Type.Optional(Type.String({ maxLength: 32 })),
  encoding: Type.Optional(textChoice(['hex', 'base64'])),
  sequence: Type.Optional(Type.Boolean({ description: 'Also sign the place in line.' })),
})

const signingShown = closedObject({
  header: Type.String(),
  prefix: Type.String(),
  encoding: textChoice(['hex', 'base64']),
  sequence: Type.Boolean(),
})

const rateLimitGiven = closedObject({
  perSecond: Type.Number({ minimum: 0.00001, maximum: 1_000_000 }),
  burst: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
})

const breaker = closedObject({
  failures: Type.Integer({ minimum: 1, maximum: 1000 }),
  cooldownMs: Type.Integer({ minimum: 1, maximum: 86_400_000 }),
})

const autoDisableGiven = closedObject({
  afterMs: Type.Integer({ minimum: 1, maximum: 31_536_000_000 }),
  warningMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 31_536_000_000 })),
})

const whenExhausted = textChoice(['park', 'halt'])
const body = textChoice(['payload', 'envelope'])
const ordering = textChoice(['fifo', 'key', 'none'])

const url = Type.String({
  minLength: 1,
  maxLength: 2048,
  description: 'Absolute, http or https, without user name and password.',
})

const secret = Type.String({
  minLength: 1,
  maxLength: 1024,
  description: 'Signs every request: `whsec_…`, `whsk_…` (ed25519) or any other text. Made when none is given.',
})

/** What can be set at any time. */
const settingsGiven = {
  eventTypes: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 130 }), {
      minItems: 1,
      maxItems: 100,
      description: 'Event types, prefixes such as `payment.*`, or `*`.',
    }),
  ),
  retry: Type.Optional(nullable(retryGiven)),
  timeoutMs: Type.Optional(nullable(Type.Integer({ minimum: 1, maximum: 600_000 }))),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 4096 }), {
      maxProperties: 32,
      description: 'Headers to add to each request. Their values are never shown again.',
    }),
  ),
  signing: Type.Optional(signingGiven),
  rateLimit: Type.Optional(nullable(rateLimitGiven)),
  breaker: Type.Optional(nullable(breaker)),
  autoDisable: Type.Optional(nullable(autoDisableGiven)),
  whenExhausted: Type.Optional(whenExhausted),
  body: Type.Optional(body),
  concurrency: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  description: Type.Optional(nullable(Type.String({ maxLength: 500 }))),
  tenantId: Type.Optional(
    nullable(
      Type.String({
        minLength: 1,
        maxLength: 128,
        description: "Whose it is. With a tenant's key it is that tenant's, and nothing else may be given.",
      }),
    ),
  ),
}

export const webhookCreation = closedObject(
  { url, secret: Type.Optional(secret), ordering: Type.Optional(ordering), ...settingsGiven },
  { $id: 'WebhookCreation' },
)

export const webhookChange = closedObject(
  { url: Type.Optional(url), ...settingsGiven },
  {
    $id: 'WebhookChange',
    description: 'What is left out stays as it is; null puts back the default where it is taken.',
  },
)

const health = closedObject({
  breaker: nullable(
    closedObject({
      state: textChoice(['closed', 'open', 'halfOpen']),
      failures: Type.Integer(),
      reopensAt: nullable(time('When a probe may go out, while open.')),
    }),
  ),
  failingSince: nullable(time('Since when attempts have brought nothing but failures; with `autoDisable` only.')),
  disableAt: nullable(time('From when on a failure disables it.')),
  disableReason: nullable(textChoice(['gone', 'failing'])),
})

const webhookMembers = {
  id: webhookId,
  url: Type.String(),
  state: textChoice(['active', 'paused', 'disabled']),
  eventTypes: Type.Array(Type.String()),
  retry: nullable(retryShown),
  timeoutMs: nullable(Type.Integer()),
  headers: Type.Array(Type.String(), { description: 'The names of the custom headers.' }),
  signing: signingShown,
  rateLimit: nullable(closedObject({ perSecond: Type.Number(), burst: Type.Integer() })),
  breaker: nullable(breaker),
  autoDisable: nullable(closedObject({ afterMs: Type.Integer(), warningMs: Type.Integer() })),
  ordering,
  whenExhausted,
  body,
  concurrency: Type.Integer(),
  description: nullable(Type.String()),
  tenantId: nullable(Type.String()),
  health,
}

/** A webhook as it is shown: without its secrets and without the values of its custom headers. */
export const webhook = closedObject(webhookMembers, { $id: 'Webhook' })

const secretShown = Type.String({ description: 'Shown this once.' })

export const createdWebhook = closedObject({ ...webhookMembers, secret: secretShown }, { $id: 'CreatedWebhook' })

export const webhookPage = pageOf(webhook, { $id: 'WebhookPage' })

export const webhookListQuery = closedObject({
  ...pageQuery,
  tenantId: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: "Only this tenant's." })),
})

export const secretRotation = closedObject(
  {
    secret: Type.Optional(secret),
    overlapMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_592_000_000,
        default: 86_400_000,
        description: 'How long the old secret signs beside the new one.',
      }),
    ),
  },
  { $id: 'SecretRotation' },
)

export const rotatedSecret = closedObject({ id: webhookId, secret: secretShown }, { $id: 'RotatedSecret' })

export const testEvent = closedObject(
  {
    eventType: Type.Optional(Type.String({ minLength: 1, maxLength: 128, default: 'webhook.test' })),
    payload: Type.Optional(Type.Unknown({ description: 'Sent as it is. By default it says that this is a test.' })),
  },
  { $id: 'TestEvent' },
)
