import type { IncomingMessage } from 'node:http'
import { systemIds } from '../../ids/ids.ts'

/** What a caller's own id may be: it goes into logs and back into a header. */
const sane = /^[\w.:/+=@-]{1,128}$/

/** Names each request: by the caller's own `X-Request-Id`, where it is sane, else by a new id. */
export function requestIds(newId: () => string = () => `req_${systemIds.eventId().slice('evt_'.length)}`) {
  return ({ headers }: Pick<IncomingMessage, 'headers'>): string => {
    const given = headers['x-request-id']
    return typeof given === 'string' && sane.test(given) ? given : newId()
  }
}
