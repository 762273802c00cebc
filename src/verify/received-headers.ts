/** The headers of a received request: a fetch `Headers`, or a record such as Node's `request.headers`. Any case. */
export type ReceivedHeaders = FetchHeaders | Readonly<Record<string, string | readonly string[] | undefined>>

interface FetchHeaders {
  get(name: string): string | null
}

/**
 * Every value that came under a name. More than one means that the header was sent twice.
 * What is not text is left out: the network cannot have sent it.
 */
export function headerValues(headers: ReceivedHeaders, name: string): string[] {
  if (isFetchHeaders(headers)) return [headers.get(name)].filter(isText)
  const lowerName = name.toLowerCase()
  const values: string[] = []
  for (const key of Object.keys(headers)) {
    if (key.length === lowerName.length && key.toLowerCase() === lowerName) {
      values.push(...[headers[key]].flat().filter(isText))
    }
  }
  return values
}

/** A record can have a header named `get`, but its value is then no function. */
function isFetchHeaders(headers: ReceivedHeaders): headers is FetchHeaders {
  return 'get' in headers && typeof headers.get === 'function'
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
