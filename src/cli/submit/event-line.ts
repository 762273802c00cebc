import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { FileLine } from './file-lines.ts'

/** What a file's lines need not say each for themselves. */
export interface LineDefaults {
  /** The name of what is submitted: part of each line's idempotency key. */
  readonly source: string
  readonly eventType?: string | undefined
  readonly endpointId?: string | undefined
}

/** An event as it is submitted: the JSON of the API's submission. The payload's bytes are those of the line. */
export interface EventLine {
  readonly number: number
  readonly json: Buffer
}

/** A line that is no event, and why. */
export interface WrongLine {
  readonly number: number
  readonly message: string
}

const openBrace = 0x7b
const keyLength = 40

/**
 * Reads a line; null for an empty one. What it does not say is put in front of what it says, as text: the line itself is
 * never written anew. Without a key of its own it gets one that its place and its bytes decide, so that the service takes
 * it once, however often the file is submitted.
 */
export function readEventLine(line: FileLine, defaults: LineDefaults): EventLine | WrongLine | null {
  const { number, bytes } = line
  if (bytes === null) return { number, message: 'the line is too long to be an event' }
  if (!isUtf8(bytes)) return { number, message: 'the line is not UTF-8' }
  const text = bytes.toString()
  if (text.trim() === '') return null
  const problem = problemOf(text, defaults)
  if (typeof problem === 'string') return { number, message: problem }
  const added = additions(line.number, bytes, problem.names, defaults)
  const place = bytes.indexOf(openBrace) + 1
  return { number, json: Buffer.concat([bytes.subarray(0, place), Buffer.from(added), bytes.subarray(place)]) }
}

/** The names that a line has, or what is wrong with it. The server checks the rest: it knows more. */
function problemOf(text: string, { eventType }: LineDefaults): string | { readonly names: ReadonlySet<string> } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'the line is not JSON'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the line is not a JSON object'
  const names = new Set(Object.keys(value))
  if (!names.has('payload')) return 'the event has no payload'
  if (!names.has('eventType') && eventType === undefined) return 'the event has no eventType, and --type gives none'
  return { names }
}

function additions(number: number, bytes: Buffer, names: ReadonlySet<string>, defaults: LineDefaults): string {
  const { source, eventType, endpointId } = defaults
  const added: [string, string][] = []
  if (!names.has('eventType') && eventType !== undefined) added.push(['eventType', eventType])
  if (!names.has('endpointId') && endpointId !== undefined) added.push(['endpointId', endpointId])
  if (!names.has('idempotencyKey')) {
    const given = JSON.stringify([source, number, added])
    const key = createHash('sha256').update(given).update('\n').update(bytes).digest('hex').slice(0, keyLength)
    added.push(['idempotencyKey', key])
  }
  return added.map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)},`).join('')
}

/** Whether a line was read as an event. */
export function isEventLine(line: EventLine | WrongLine): line is EventLine {
  return 'json' in line
}
