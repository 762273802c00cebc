import type { IncomingHttpHeaders } from 'node:http'

/** The value of a header that came once (`name` in lower case), else null. */
export function headerText(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name]
  return typeof value === 'string' ? value : null
}
