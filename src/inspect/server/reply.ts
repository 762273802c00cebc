/** What a route answers. */
export interface Reply {
  /** @default 200 */
  readonly status?: number
  /** The media type. */
  readonly type: string
  readonly body: string | Uint8Array
  /** The Content-Security-Policy, where it is not that of every page. */
  readonly policy?: string
}

export function jsonReply(value: unknown): Reply {
  return { type: 'application/json', body: JSON.stringify(value) }
}

export function textReply(status: number, text: string): Reply {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` }
}
