import { InvalidOptionError } from '../errors/errors.ts'
import { describeId } from '../errors/describe-value.ts'
import { systemIds } from './ids.ts'
import type { Ids } from './ids.ts'

// An id stands in headers and in the text that is signed, so it holds nothing that could end either.
const idForm = /^[\w-]{1,128}$/

/**
 * An id from the port. Two things under one id could not be told apart afterwards, so one that is taken is refused. hookline's
 * own are taken as they are: with 96 bits of chance in each millisecond, to look is a cost for every event and finds nothing.
 *
 * @throws InvalidOptionError naming the port's method; what the port throws is thrown on
 */
export function takeId(ids: Ids, kind: keyof Ids, isTaken: (id: string) => boolean): string {
  if (ids === systemIds) return ids[kind]()
  const id: unknown = ids[kind]()
  if (typeof id === 'string' && idForm.test(id) && !isTaken(id)) return id
  const option = `ids.${kind}`
  const rule = 'must give texts of 1 to 128 of A-Z a-z 0-9 _ -, none of them twice; nothing was stored'
  throw new InvalidOptionError(`${option} ${rule}, got ${describeId(id)}`, option, id)
}
