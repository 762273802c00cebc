/** What answers hold; a test reads what the one that it asked for has. */
interface AnswerBody {
  readonly id: string
  readonly secret: string
  readonly status: string
  readonly submittedAt: string
  readonly events: readonly { readonly endpointId: string; readonly eventId: string }[]
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly [member: string]: unknown
}

export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Null unless the answer is JSON. */
  readonly body: AnswerBody
}

/** Sends a request; a body goes out as JSON. The path is the whole one. */
export type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<ApiAnswer>

/** Asks the server at the URL. */
export function askApi(url: string): Ask {
  return async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false
    // The test says what the answer holds, by what it expects of it.
    const parsed = (isJson ? JSON.parse(text) : null) as AnswerBody
    return { status: answer.status, headers: answer.headers, text, body: parsed }
  }
}
