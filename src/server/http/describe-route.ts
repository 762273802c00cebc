import type { TSchema } from 'typebox'
import type { Route } from '../routes/route.ts'
import { ErrorBody } from './error-body.ts'

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
    ...(request.query && { querystring: request.query }),
    ...(request.headers && { headers: request.headers }),
    ...(request.body && { body: request.body }),
    ...(access === 'public' && { security: [] }),
    response: { ...errorsOf(route), ...route.responses },
  }
}

function describeAccess({ access }: Route): string {
  if (access === 'public') return 'Needs no key.'
  const keys = `Takes a key of the role ${access.roles.map((role) => `\`${role}\``).join(', ')}`
  return access.scope === 'platform' ? `${keys} that belongs to no tenant.` : `${keys}.`
}

const always: Readonly<Record<number, string>> = {
  500: 'An internal error.',
  503: 'The server is closing, or cannot store anything just now; see `Retry-After`.',
}

/** The errors that a route can answer by what it is. */
function errorsOf({ access, path, request }: Route): Readonly<Record<number, TSchema>> {
  const descriptions: Readonly<Record<number, string>> = {
    ...((request.params ?? request.query ?? request.headers ?? request.body) && {
      400: 'The request is not valid; `fields` says where.',
    }),
    ...(access !== 'public' && {
      401: 'There is no valid key in the request.',
      403: 'The key may not do this.',
      429: 'Too much at once, or too many wrong keys; see `Retry-After`.',
    }),
    ...(path.includes('/:') && { 404: 'There is no such thing, or the key may not see it.' }),
    ...(request.body && { 413: 'The body is too large.', 415: 'The body is not JSON in UTF-8.' }),
    ...always,
  }
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [status, { ...ErrorBody, description }]),
  )
}
