import type { SigningSecret } from './secret.ts'
import type { SigningSettings } from './signing-options.ts'

/** The value of `X-Signature`, or of the header the endpoint chose for it: HMAC-SHA256 of the body. */
export function signBody(secret: SigningSecret, body: string, settings: SigningSettings): string {
  return settings.prefix + secret.hmac(body, settings.encoding)
}

/**
 * The value of `webhook-signature` (Standard Webhooks 1.0.0): one entry per secret, in their order, over
 * `<event id>.<timestamp>.<body>`.
 *
 * @param secrets the current secret first; during rotation the previous ones after it
 * @param timestampSeconds the attempt's `webhook-timestamp`: whole seconds since the Unix epoch
 */
export function signStandard(
  secrets: readonly SigningSecret[],
  eventId: string,
  timestampSeconds: number,
  body: string,
): string {
  const content = `${eventId}.${timestampSeconds}.${body}`
  let value = ''
  for (const secret of secrets) {
    const entry = secret.standardEntry(content)
    value = value === '' ? entry : `${value} ${entry}`
  }
  return value
}

/** The value of `X-Event-Sequence-Signature`: hex HMAC-SHA256 of `<event id>.<sequence>`. */
export function signSequence(secret: SigningSecret, eventId: string, sequence: number): string {
  return secret.hmac(`${eventId}.${sequence}`, 'hex')
}
