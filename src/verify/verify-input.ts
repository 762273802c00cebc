import { systemClock } from '../clock/system-clock.ts'
import { InvalidOptionError } from '../errors/errors.ts'
import { OptionReader } from '../options/option-reader.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { resolveSigningOptions, type SigningSettings } from '../signing/signing-options.ts'
import type { ReceivedHeaders } from './received-headers.ts'

/** A received request, and what it is to be checked against. */
export interface VerifyInput {
  /** The endpoint's secret (any text, `whsec_…`, `whsk_…`) or its public key `whpk_…`; a list during rotation. */
  secret: string | readonly string[]
  /** The request's headers, whole: a fetch `Headers`, or a record such as Node's `request.headers`. */
  headers: ReceivedHeaders
  /** The raw request body, before any parser touched it. Bytes are better than text, which may have been re-encoded. */
  body: string | Uint8Array
  /**
   * How far `webhook-timestamp` may lie in the past or in the future. Scheme `body` has no time to check.
   * @default 300_000 (five minutes). From 0; `Infinity` turns the check off.
   */
  toleranceMs?: number | undefined
  /** Wall-clock time, in milliseconds since the Unix epoch. @default the machine's clock */
  now?: (() => number) | undefined
  /**
   * `standard` checks the Standard Webhooks headers, which cover id, time and body. `body` checks `X-Signature`, which
   * covers the body alone: it cannot tell a request that someone recorded and sent again.
   * @default 'standard'
   */
  scheme?: 'standard' | 'body' | undefined
  /** Scheme `body` only: the endpoint's `signing.header`. @default 'X-Signature' */
  header?: string | undefined
  /** Scheme `body` only: the endpoint's `signing.prefix`. @default '' */
  prefix?: string | undefined
  /** Scheme `body` only: the endpoint's `signing.encoding`. @default 'hex' */
  encoding?: 'hex' | 'base64' | undefined
}

/** A {@link VerifyInput} in which the receiver's own code has made no mistake. The network's part is not judged. */
export interface VerifySettings {
  readonly headers: ReceivedHeaders
  readonly body: Uint8Array
  readonly toleranceMs: number
  readonly nowMs: number
  /** What the body signature looks like; null when the Standard Webhooks signature is to be checked. */
  readonly bodySigning: SigningSettings | null
}

const inputNames = ['secret', 'headers', 'body', 'toleranceMs', 'now', 'scheme', 'header', 'prefix', 'encoding']
const schemes = ['standard', 'body'] as const
const defaultToleranceMs = 300_000

/** Throws InvalidOptionError for whatever the receiver's own code got wrong, the secret apart. */
export function readVerifyInput(input: VerifyInput): VerifySettings {
  // Kept out of the error: it holds a secret, or is one that was passed as the first of several arguments.
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const got = Array.isArray(input) ? 'an array' : `a value of type ${typeof input}`
    throw new InvalidOptionError(
      `input must be an object with secret, headers and body, got ${got}`,
      'input',
      undefined,
    )
  }
  const reader = new OptionReader({ ...input }, '', inputNames)
  return {
    headers: readHeaders(input.headers),
    body: readBody(input.body),
    toleranceMs: reader.number('toleranceMs', defaultToleranceMs, { min: 0, max: Infinity }),
    nowMs: readNowMs(input.now),
    bodySigning: readBodySigning(reader),
  }
}

function readHeaders(headers: ReceivedHeaders): ReceivedHeaders {
  if (typeof headers === 'object' && headers !== null && !Array.isArray(headers)) return headers
  const got = Array.isArray(headers) ? 'an array' : `a value of type ${typeof headers}`
  throw new InvalidOptionError(
    `headers must be a fetch Headers or a record from name to value, such as request.headers, got ${got}`,
    'headers',
    undefined,
  )
}

function readBody(body: string | Uint8Array): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body)
  // Not instanceof: a test runner may have made the array in another realm.
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  throw new InvalidOptionError(
    `body must be the raw request body, a string or a Uint8Array, got ${describeBody(body)}. The signature covers the ` +
      'bytes as they were sent, and a parsed body cannot be turned back into them: read the body before any parser ' +
      "does, with express.raw({ type: '*/*' }) or await request.text() for example",
    'body',
    undefined,
  )
}

/** What kind of value a body is, and nothing of what it holds. */
function describeBody(body: unknown): string {
  if (body === null || body === undefined) return String(body)
  return typeof body === 'object' ? 'a parsed object' : `a ${typeof body}`
}

function readNowMs(now: unknown): number {
  if (now === undefined) return systemClock.now()
  if (typeof now !== 'function') return refuseOption('now', 'must be a function', now)
  // The clock's owner promises that it takes nothing.
  const nowMs = (now as () => unknown)()
  // NaN would be neither too old nor too new.
  if (typeof nowMs === 'number' && Number.isFinite(nowMs)) return nowMs
  return refuseOption('now', 'must return milliseconds since the Unix epoch', nowMs)
}

function readBodySigning(reader: OptionReader): SigningSettings | null {
  const form = { header: reader.given('header'), prefix: reader.given('prefix'), encoding: reader.given('encoding') }
  if (reader.oneOf('scheme', 'standard', schemes) === 'body') return resolveSigningOptions(form, '')
  for (const [name, value] of Object.entries(form)) {
    // Refused, because whoever sets it believes that this header is the one being checked.
    if (value !== undefined) refuseOption(name, "must not be given unless scheme is 'body'", value)
  }
  return null
}
