import type { IncomingHttpHeaders } from 'node:http'
import { systemIds } from '../../ids/ids.ts'

/** What a caller's own id may be: it goes into logs and back into a header. */
const sane = /^[\w.:/+=@-]{1,128}$/

/** `req_…` */
export function newRequestId(): string {
  return systemIds.eventId().replace('evt', 'req')
}

/** Names a request: by the caller's own `X-Request-Id`, where it is sane, else by a new id. */
export function requestIdOf({ headers }: { readonly headers: IncomingHttpHeaders }): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && sane.test(given) ? given : newRequestId()
}
