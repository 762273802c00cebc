/** One thing that is wrong with a request. */
export interface FieldFault {
  /** A JSON pointer into that part of the request: `/0/payload`. */
  readonly path: string
  readonly message: string
  /** Where `path` points into, if not the body. */
  readonly in?: 'path' | 'query' | 'header'
}

export interface ApiErrorDetails {
  readonly fields?: readonly FieldFault[]
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/** A request that is refused: its status, a stable code, and what to say. Errors of the core need none of it: their code says. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly fields: readonly FieldFault[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, details: ApiErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.status = status
    this.code = code
    this.fields = details.fields
    this.headers = details.headers ?? {}
  }
}
