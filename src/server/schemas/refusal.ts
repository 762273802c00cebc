import { Type } from 'typebox'
import type { TSchema } from 'typebox'
import { ErrorBody } from '../http/error-body.ts'

/** An error of which a route has more to say than its status does. */
export function refusal(description: string): TSchema {
  return Type.Unsafe({ ...ErrorBody, description })
}
