import { OptionReader } from '../options/option-reader.ts'
import { refuseOption } from '../options/refuse-option.ts'

/** Which records are wanted: those that fit everything that is given. */
export interface TransitionFilter {
  readonly eventId?: string | undefined
  readonly endpointId?: string | undefined
  /** The first `seq` wanted. @default 0: all. Whole, from 0. */
  readonly fromSeq?: number | undefined
}

/** Which of the endpoints' own records are wanted. */
export interface EndpointFilter {
  readonly endpointId?: string | undefined
  /** The first `seq` wanted. @default 0: all. Whole, from 0. */
  readonly fromSeq?: number | undefined
}

/** A checked {@link TransitionFilter}. */
export interface CheckedFilter {
  readonly eventId: string | undefined
  readonly endpointId: string | undefined
  readonly fromSeq: number
}

const filterNames = ['eventId', 'endpointId', 'fromSeq']

/** @throws InvalidOptionError */
export function checkFilter(value: unknown): CheckedFilter {
  const reader = new OptionReader(value, '', filterNames)
  return {
    eventId: readId(reader, 'eventId'),
    endpointId: readId(reader, 'endpointId'),
    fromSeq: reader.wholeNumber('fromSeq', 0, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  }
}

/** @throws InvalidOptionError */
export function checkEndpointFilter(value: unknown): Omit<CheckedFilter, 'eventId'> {
  const reader = new OptionReader(value, '', ['endpointId', 'fromSeq'])
  return {
    endpointId: readId(reader, 'endpointId'),
    fromSeq: reader.wholeNumber('fromSeq', 0, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  }
}

function readId(reader: OptionReader, name: string): string | undefined {
  const id = reader.given(name)
  return id === undefined || typeof id === 'string' ? id : refuseOption(name, 'must be a string', id)
}
