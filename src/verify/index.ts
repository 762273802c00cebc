/** `hookline/verify`: checks on the receiver's side. Needs no package beside hookline's own files. */
export { HooklineError, type ErrorCode } from '../errors/hookline-error.ts'
export { InvalidOptionError, InvalidSecretError } from '../errors/errors.ts'
export { type ReceivedHeaders } from './received-headers.ts'
export { type SignatureProblem } from './signature-problem.ts'
export { type VerifyInput } from './verify-input.ts'
export { diagnoseSignature, verifySignature } from './verify-signature.ts'
export { verifySequence, type VerifySequenceInput } from './verify-sequence.ts'
