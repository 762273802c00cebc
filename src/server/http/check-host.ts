import type { IncomingMessage } from 'node:http'
import { ApiError } from './api-error.ts'

/**
 * Two readers could take each a different one of two hosts (RFC 9112, section 3.2); Node drops the second.
 *
 * @throws ApiError 400
 */
export function checkHost({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): void {
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  if (hosts > 1)
    throw new ApiError(400, 'MALFORMED_REQUEST', 'a request has one Host', { headers: { connection: 'close' } })
}
