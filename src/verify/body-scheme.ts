import { createHmac, type KeyObject } from 'node:crypto'
import type { SigningSettings } from '../signing/signing-options.ts'
import { constantTimeEqual } from './constant-time-equal.ts'
import { headerValues } from './received-headers.ts'
import type { SignatureProblem } from './signature-problem.ts'
import type { VerifySettings } from './verify-input.ts'

/** Checks the body signature (`X-Signature`) of a request. Nothing that comes from the network makes it throw. */
export function diagnoseBody(
  keys: readonly KeyObject[],
  { headers, body }: VerifySettings,
  { header, prefix, encoding }: SigningSettings,
): SignatureProblem | null {
  const values = headerValues(headers, header)
  if (values.length > 1) return 'duplicate-header'
  const [value] = values
  if (value === undefined) return 'missing-header'
  let matches = false
  // No early end: how long it takes must not tell which key matched.
  for (const key of keys) {
    const expected = prefix + createHmac('sha256', key).update(body).digest(encoding)
    matches = constantTimeEqual(value, expected) || matches
  }
  return matches ? null : 'no-match'
}
