/** A field that the service found wrong: a JSON pointer into the body, and what is wrong with it. */
export interface WrongField {
  readonly path: string
  readonly message: string
}

/** What became of one submission: the events it made, and why others were not made. */
export interface SubmissionResult {
  readonly events: readonly { readonly eventId: string; readonly endpointId: string }[]
  readonly errors: readonly { readonly status: number; readonly code: string; readonly message: string }[]
}

/** An answer of the service, read as far as it is what the API says. Nothing in it is trusted to be there. */
export interface ServiceAnswer {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly fields: readonly WrongField[]
  readonly retryAfterMs: number | null
  /** One for each submission of an accepted body, in its order. */
  readonly results: readonly SubmissionResult[]
}

const longestMessage = 500

/** @param nowMs by which a `Retry-After` that is a date is read */
export function readAnswer(
  status: number,
  retryAfter: string | string[] | undefined,
  text: string,
  nowMs: number,
): ServiceAnswer {
  const body = parse(text)
  const error = recordOf(body['error'])
  const results = Array.isArray(body['results']) ? body['results'] : 'events' in body ? [body] : []
  return {
    status,
    code: textOf(error['code']),
    message: textOf(error['message']),
    fields: listOf(error['fields']).map((field) => ({
      path: textOf(field['path']),
      message: textOf(field['message']),
    })),
    retryAfterMs: typeof retryAfter === 'string' ? retryAfterMsOf(retryAfter, nowMs) : null,
    results: results.map((result) => readResult(recordOf(result))),
  }
}

function readResult(result: Readonly<Record<string, unknown>>): SubmissionResult {
  const entries = listOf(result['events'])
  return {
    events: entries
      .filter((entry) => typeof entry['eventId'] === 'string')
      .map((entry) => ({ eventId: textOf(entry['eventId']), endpointId: textOf(entry['endpointId']) })),
    errors: entries
      .filter((entry) => 'error' in entry)
      .map((entry) => recordOf(entry['error']))
      .map(({ status, code, message }) => ({ status: Number(status), code: textOf(code), message: textOf(message) })),
  }
}

/** Whole seconds, or an HTTP date. */
function retryAfterMsOf(text: string, nowMs: number): number | null {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const dateMs = Date.parse(text)
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs)
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return recordOf(JSON.parse(text))
  } catch {
    return {} // a proxy's page: its status says enough
  }
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(recordOf) : []
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, longestMessage) : ''
}
