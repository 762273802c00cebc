// What the schema of the configuration is made of, and what a schema says of itself beside its type.
import Type from 'typebox'
import type { TSchema } from 'typebox'
import { parseEndpointUrl } from '../../endpoint/endpoint-url.ts'
import { parsePattern } from '../../endpoint/event-type-pattern.ts'
import { readSecretKeys } from '../../sealing/secret-keys.ts'
import { parseSecret } from '../../signing/secret.ts'
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

export type About = KeyNotes & { readonly description: string }

export const whole = (minimum: number, maximum: number, fallback: number, description: string) =>
  Type.Integer({ minimum, maximum, default: fallback, description })

export const yesOrNo = (fallback: boolean, description: string, notes: KeyNotes = {}) =>
  Type.Boolean({ default: fallback, description, ...notes })

export const text = (about: About & { readonly default?: string }) =>
  Type.String({ minLength: 1, maxLength: 4096, ...about })

/** A text that must pass a check of the engine's own, which throws. */
const checked = (check: (value: string) => unknown, rule: string) =>
  Type.Refine(Type.String({ rule }), (value) => passes(() => check(value)))

export const strict = { additionalProperties: false }

export const weekMs = 604_800_000
export const tenYearsMs = 315_360_000_000

export const retryFields = {
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

export const retryPolicy = Type.Object(
  {
    eventTypes: Type.Array(
      checked((value) => parsePattern(value, 'eventTypes'), 'an event type, a prefix such as "payment.*", or "*"'),
      { minItems: 1, maxItems: 100 },
    ),
    retry: Type.Partial(Type.Object(retryFields), strict),
  },
  strict,
)

export const secretKey = Type.Object(
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

export const addressRule = checked(
  (rule) => createEgressPolicy({ allow: [rule] }, 'egress', {}),
  'an IP address, a network such as "10.0.0.0/8", a host name, or "*." and a host name',
)

export const webUrl = (about: About) => Type.Refine(Type.String({ rule: 'an http: or https: URL', ...about }), isWebUrl)

/** Where hookline posts to of itself: what the engine takes for an endpoint. */
export const postUrl = (about: About) =>
  Type.Refine(Type.String({ rule: 'an http: or https: URL without credentials', ...about }), (value) =>
    passes(() => parseEndpointUrl(value, { httpsOnly: false })),
  )

export const signingSecret = (about: About) =>
  Type.Refine(text({ rule: '1 to 1024 characters; after whsk_ an ed25519 key', ...about }), (value) =>
    passes(() => parseSecret(value, 'secret')),
  )

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
