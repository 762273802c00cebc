// Holds a request against its route's schemas: every part, and every fault in it.
import type { IncomingHttpHeaders } from 'node:http'
import { Compile } from 'typebox/compile'
import { IsOptional } from 'typebox'
import type { TSchema } from 'typebox'
import type { RequestSchemas } from '../routes/route.ts'
import { ApiError } from './api-error.ts'
import type { FieldFault } from './api-error.ts'
import { readTexts } from './read-texts.ts'
import { schemaFaults } from './schema-faults.ts'

/** The parts of a request, as they came or, once checked, as the schemas say. */
export interface RequestParts {
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly body: unknown
}

/** What of a request came as texts by name. */
type Texts = Readonly<Record<string, unknown>>

export interface RawParts {
  readonly params: Texts
  readonly query: Texts
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

type CheckPart = (value: unknown, faults: FieldFault[]) => void

/** Compiles a route's schemas. What it returns throws `ApiError` 400, which names every field that is wrong. */
export function requestCheck({ params, query, headers, body }: RequestSchemas): (raw: RawParts) => RequestParts {
  const checkParams = partCheck(params, 'path')
  const checkQuery = partCheck(query, 'query')
  const checkHeaders = partCheck(headers, 'header')
  const checkBody = bodyCheck(body)
  return (raw) => {
    const parts: RequestParts = {
      params: params === undefined ? raw.params : readTexts(params, raw.params),
      query: query === undefined ? raw.query : readTexts(query, raw.query),
      headers: raw.headers,
      body: raw.body,
    }
    const faults: FieldFault[] = []
    checkParams(parts.params, faults)
    checkQuery(parts.query, faults)
    checkHeaders(parts.headers, faults)
    checkBody(parts.body, faults)
    if (faults.length > 0) throw refusal(faults)
    return parts
  }
}

function partCheck(schema: TSchema | undefined, place: FieldFault['in']): CheckPart {
  if (schema === undefined) return () => undefined
  const compiled = Compile(schema)
  return (value, faults) => {
    if (compiled.Check(value)) return
    for (const fault of schemaFaults(schema, value)) faults.push(place === undefined ? fault : { ...fault, in: place })
  }
}

function bodyCheck(schema: TSchema | undefined): CheckPart {
  if (schema === undefined) return () => undefined
  const check = partCheck(schema, undefined)
  const isOptional = IsOptional(schema)
  return (value, faults) => {
    if (value !== undefined) check(value, faults)
    else if (!isOptional) faults.push({ path: '', message: 'a body is missing' })
  }
}

function refusal(faults: readonly FieldFault[]): ApiError {
  const [first] = faults
  const more = faults.length > 1 ? `, and ${faults.length - 1} more (see fields)` : ''
  const where = first === undefined ? '' : `${first.in ?? 'body'} ${first.path}`.trim()
  return new ApiError(400, 'INVALID_REQUEST', `${where}: ${first?.message ?? ''}${more}`, { fields: faults })
}
