import { diagnoseBody } from './body-scheme.ts'
import type { SignatureProblem } from './signature-problem.ts'
import { diagnoseStandard } from './standard-scheme.ts'
import { readTextKeys, readVerificationKeys } from './verification-key.ts'
import { readVerifyInput, type VerifyInput } from './verify-input.ts'

/**
 * Whether a received request was signed with the secret and, with scheme `standard`, not too long ago. Compares in
 * constant time. Whatever the network sends, the answer is true or false; only the receiver's own mistakes throw.
 *
 * True does not mean that the request is new: within the tolerance the same one may come again. Remember the
 * `webhook-id` of what was handled.
 *
 * @throws InvalidSecretError for a missing, empty or malformed secret
 * @throws InvalidOptionError for a parsed body, and for every option outside what is valid
 * @example
 * if (!verifySignature({ secret, headers: request.headers, body: rawBody })) response.writeHead(401).end()
 */
export function verifySignature(input: VerifyInput): boolean {
  return diagnose(input, 'verifySignature') === null
}

/** Why {@link verifySignature} refuses a request, or null when it does not. Throws what `verifySignature` throws. */
export function diagnoseSignature(input: VerifyInput): SignatureProblem | null {
  return diagnose(input, 'diagnoseSignature')
}

function diagnose(input: VerifyInput, where: string): SignatureProblem | null {
  const settings = readVerifyInput(input)
  const { bodySigning } = settings
  if (bodySigning === null) return diagnoseStandard(readVerificationKeys(input.secret, where), settings)
  return diagnoseBody(readTextKeys(input.secret, where), settings, bodySigning)
}
