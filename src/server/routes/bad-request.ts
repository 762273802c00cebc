import { ApiError } from '../http/api-error.ts'
import type { FieldFault } from '../http/api-error.ts'

/** Faults that one answer names; whoever sends more has the same few, many times. */
const mostFaults = 100

/** A request that names what is wrong with it, field by field. */
export function badRequest(faults: readonly FieldFault[]): ApiError {
  const [first] = faults
  const more = faults.length > 1 ? `, and ${faults.length - 1} more (see fields)` : ''
  const where = first === undefined ? '' : `${first.in ?? 'body'} ${first.path}`.trim()
  const message = first === undefined ? 'the request is not valid' : `${where}: ${first.message}${more}`
  return new ApiError(400, 'INVALID_REQUEST', message, { fields: faults.slice(0, mostFaults) })
}

/** A request of whose fields one is wrong. */
export function badField(path: string, message: string, where: 'query' | 'body' = 'body'): ApiError {
  return badRequest([where === 'body' ? { path, message } : { path, message, in: where }])
}
