import { isUtf8 } from 'node:buffer'
import type { RandomBytes } from '../../random/random-bytes.ts'
import { CallError } from '../call-error.ts'
import { exitCode } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { jsonText } from '../json-text.ts'
import { printableText } from '../printable-text.ts'
import type { Terminal } from '../terminal.ts'
import type { ServiceAnswer } from './answer.ts'
import { SubmissionStopped } from './events-client.ts'
import type { EventsClient } from './events-client.ts'

/** One event as it was typed. */
export interface TypedEvent {
  readonly eventType: string
  readonly endpointId: string | undefined
  readonly idempotencyKey: string | undefined
  readonly orderingKey: string | undefined
  /** JSON; its bytes are what is delivered. */
  readonly payload: Buffer
}

/** Submits one event, and tells the ids it got. */
export async function submitEvent(
  event: TypedEvent,
  client: EventsClient,
  randomBytes: RandomBytes,
  terminal: Terminal,
  json: boolean,
): Promise<ExitCode> {
  const answer = await client.submit(bodyOf(event, randomBytes)).catch((error: unknown) => {
    if (!(error instanceof SubmissionStopped)) throw error
    terminal.note(printableText(`hookline: ${error.message}`))
    return null
  })
  if (answer === null) return exitCode.failed
  const [result] = answer.results
  if (answer.status !== 202 && answer.status !== 207) {
    terminal.note(printableText(`hookline: ${refusalText(answer)}`))
    for (const { path, message } of answer.fields) terminal.note(printableText(`  ${path}: ${message}`))
    return exitCode.failed
  }
  const { events = [], errors = [] } = result ?? {}
  if (json) terminal.print(jsonText({ events, errors }))
  else for (const { eventId, endpointId } of events) terminal.print(printableText(`${eventId}  to ${endpointId}`))
  for (const { code, message } of errors) terminal.note(printableText(`not accepted: ${message} (${code})`))
  if (events.length === 0 && errors.length === 0) {
    terminal.note(printableText(`no endpoint is subscribed to ${event.eventType}: nothing will be delivered`))
  }
  return errors.length === 0 ? exitCode.done : exitCode.failed
}

/** Every error of hookline has a code: what answers without one is something else. */
function refusalText({ status, code, message }: ServiceAnswer): string {
  return code === ''
    ? `what answers there is not hookline, or not hookline alone (status ${status}, no error code); --url says where it is`
    : `the service refused it (${status} ${code}): ${message}`
}

/** Its own key makes it safe to try again: an answer may be lost on the way. */
function bodyOf({ payload, ...event }: TypedEvent, randomBytes: RandomBytes): Buffer {
  checkPayload(payload)
  const { idempotencyKey = Buffer.from(randomBytes(16)).toString('hex') } = event
  const head = JSON.stringify({ ...event, idempotencyKey })
  return Buffer.concat([Buffer.from(`${head.slice(0, -1)},"payload":`), payload, Buffer.from('}')])
}

function checkPayload(payload: Buffer): void {
  if (!isUtf8(payload)) throw new CallError('the payload is not UTF-8')
  try {
    JSON.parse(payload.toString())
  } catch {
    throw new CallError('the payload is not JSON. A text is JSON in quotes: --payload \'"hello"\'')
  }
}
