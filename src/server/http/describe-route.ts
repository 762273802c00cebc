import { STATUS_CODES } from 'node:http'
import { IsOptional, IsVoid } from 'typebox'
import type { TSchema } from 'typebox'
import type { Route } from '../routes/route.ts'
import { ErrorBody } from './error-body.ts'
import { optionalBody } from './optional-bodies.ts'
import { keepNames } from './named-schemas.ts'

const json = 'application/json'

/** What the documentation says of a route, in the form in which the document's maker takes it. */
export function describeRoute(route: Route): object {
  const { operationId, summary, tag, access, request } = route
  return {
    operationId,
    summary,
    description: [route.description, describeAccess(route)].filter((text) => text !== undefined).join('\n\n'),
    tags: [tag],
    ...(route.undocumented === true && { hide: true }),
    ...(request.params && { params: request.params }),
    ...(request.query && { querystring: withoutDefaults(request.query) }),
    ...(request.headers && { headers: request.headers }),
    ...(request.body && { body: contentOf(request.body), [optionalBody]: IsOptional(request.body) }),
    ...(access === 'public' && { security: [] }),
    response: { ...errorsOf(route), ...describeAll(route) },
  }
}

function describeAccess({ access }: Route): string {
  if (access === 'public') return 'Needs no key.'
  const keys = `Takes a key of the role ${access.roles.map((role) => `\`${role}\``).join(', ')}`
  return access.scope === 'platform' ? `${keys} that belongs to no tenant.` : `${keys}.`
}

/** A parameter that has a default need not be there. */
function withoutDefaults(query: TSchema): object {
  const properties = Object.entries(Object(Reflect.get(query, 'properties')) as Readonly<Record<string, TSchema>>)
  const optional = properties.filter(([, property]) => 'default' in property).map(([name]) => name)
  const required: unknown = Reflect.get(query, 'required')
  return {
    ...query,
    required: Array.isArray(required) ? required.filter((name) => !optional.includes(String(name))) : [],
  }
}

function describeAll({ responses, answerHeaders = {}, mediaType = json }: Route): object {
  const described: [string, object][] = Object.entries(responses).map(([status, schema]) => {
    const given: unknown = Reflect.get(schema, 'description')
    const description = typeof given === 'string' ? given : (STATUS_CODES[status] ?? '')
    const body = describeBody(schema, description, Number(status) < 400 ? mediaType : json)
    return [status, { ...body, ...describeHeaders(answerHeaders[Number(status)]) }]
  })
  return Object.fromEntries(described)
}

/** @param headers what each says, by its name */
function describeHeaders(headers: Readonly<Record<string, string>> | undefined): object {
  if (headers === undefined) return {}
  const described = Object.entries(headers).map(([name, description]) => [name, { type: 'string', description }])
  return { headers: Object.fromEntries(described) as object }
}

function describeBody(schema: TSchema, description: string, mediaType = json): object {
  return IsVoid(schema) ? { description, type: 'null' } : { description, ...contentOf(schema, mediaType) }
}

function contentOf(schema: TSchema, mediaType = json): object {
  return { content: { [mediaType]: { schema: keepNames(schema) } } }
}

const retryAfter = { 'Retry-After': 'After how many seconds to try again.' }

const errorHeaders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'Bearer' },
  429: retryAfter,
  503: retryAfter,
}

/** The errors that a route can answer by what it is. */
function errorsOf({ access, method, path }: Route): object {
  const descriptions: Readonly<Record<number, string>> = {
    400: 'The request is not valid; `fields` says where.',
    403: 'The key may not do this, or a page of another site asks.',
    ...(access !== 'public' && {
      401: 'There is no valid key in the request.',
      429: 'Too much at once, or too many wrong keys; see `Retry-After`.',
    }),
    // What a PUT names need not be there: it is made.
    ...(path.includes('/:') && method !== 'PUT' && { 404: 'There is no such thing, or the key may not see it.' }),
    ...(path.includes('/:') && { 414: 'A part of the path is too long.' }),
    // A body that nothing is made of is read all the same, and must be one.
    ...(method !== 'GET' && { 413: 'The body is too large.', 415: 'The body is not JSON in UTF-8.' }),
    500: 'An internal error.',
    503: 'The server is closing, or cannot store anything just now; see `Retry-After`.',
  }
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { ...describeBody(ErrorBody, description), ...describeHeaders(errorHeaders[status]) },
    ]),
  )
}
