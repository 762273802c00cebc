// Reads the events of a request: who gets each, and its payload as it came. All that is wrong with any of them is found before
// anything is submitted, so that one answer names it whole.
import { rawJsonWithin } from '../../admission/raw-json.ts'
import type { RawJson } from '../../admission/raw-json.ts'
import { resolveSubmitOptions } from '../../admission/submit-options.ts'
import { EndpointNotFoundError, InvalidOptionError, InvalidPayloadError } from '../../errors/errors.ts'
import { ApiError } from '../http/api-error.ts'
import type { FieldFault } from '../http/api-error.ts'
import { inApiWords } from '../http/api-words.ts'
import type { Caller } from '../keys/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { badRequest } from './bad-request.ts'
import { rawEventsOf } from './raw-events.ts'
import type { RawEvent } from './raw-events.ts'
import { webhookIdsOf } from './webhook-ids.ts'

/** An event of a body that its schema has accepted. */
export interface SentEvent {
  readonly eventType: string
  readonly endpointId?: string
  readonly idempotencyKey?: string
  readonly orderingKey?: string
}

export interface EventsRequest {
  readonly body: SentEvent | SentEvent[]
  readonly bodyText: string
  /** What the header `Idempotency-Key` says. */
  readonly idempotencyKey: string | undefined
  readonly caller: Caller
  readonly context: Pick<ServerContext, 'service' | 'tenancy' | 'limits'>
}

/** An event ready to be submitted to each of its endpoints. */
export interface ReadEvent {
  readonly eventType: string
  readonly payload: RawJson
  readonly idempotencyKey: string | undefined
  readonly orderingKey: string | undefined
  readonly endpointIds: readonly string[]
}

/** What is wrong with a request: fields, endpoints that the caller does not have, and how many events it makes. */
interface Faults {
  readonly fields: FieldFault[]
  readonly unknown: FieldFault[]
  /** One for each endpoint, counted until there are too many. */
  events: number
  /** The most that one event without `endpointId` makes. */
  fanOut: number
}

/** What the core takes in one go, but for one event to all who are subscribed. */
const mostInOneGo = 10_000

/** Where an event stands: its place in the array, and its path; `''` when it came alone. */
interface Place {
  readonly index: number
  readonly path: string
}

/**
 * The events of a request, in order.
 *
 * @throws ApiError 400 naming every field that is wrong, 404 when nothing is but that endpoints are not there, 413 when they
 *   make too many events
 */
export function readEvents(request: EventsRequest): readonly ReadEvent[] {
  const { body, bodyText } = request
  const raw = rawEventsOf(bodyText)
  const faults: Faults = { fields: [], unknown: [], events: 0, fanOut: 0 }
  const sent = Array.isArray(body) ? body : [body]
  const events = sent.map((event, index) => {
    const place = { index, path: Array.isArray(body) ? `/${index}` : '' }
    return readEvent(event, raw[index], place, request, faults)
  })
  refuse(faults)
  checkCounts(faults, request)
  return events.filter((event) => event !== null)
}

/** @throws ApiError 413 */
function checkCounts({ events, fanOut }: Faults, { body, caller, context }: EventsRequest): void {
  const most = context.limits.fanOut
  if (fanOut > most) {
    throw tooMany(
      `an event would reach ${fanOut} webhooks, and fanOut is ${most}: name each webhook, or raise the limit`,
    )
  }
  const isPublished = !Array.isArray(body) && caller.tenantId === null
  if (events > mostInOneGo && !isPublished) {
    throw tooMany(`the request makes more than ${mostInOneGo} events, one for each webhook: send fewer in one request`)
  }
}

function tooMany(message: string): ApiError {
  return new ApiError(413, 'TOO_MANY_EVENTS', `${message}; nothing was stored`)
}

/** Null when a fault was found. */
function readEvent(
  sent: SentEvent,
  raw: RawEvent | undefined,
  { index, path }: Place,
  request: EventsRequest,
  faults: Faults,
): ReadEvent | null {
  const { eventType, orderingKey } = sent
  const idempotencyKey = sent.idempotencyKey ?? keyFromHeader(request, index)
  if (raw?.repeatedName != null) {
    faults.fields.push({ path: `${path}/${raw.repeatedName}`, message: 'must stand in the event once, not twice' })
  }
  checkKeys(sent, path, faults)
  const payload = readPayload(raw, path, faults)
  const endpointIds = receiversOf(sent, path, request, faults)
  return payload && endpointIds && { eventType, payload, idempotencyKey, orderingKey, endpointIds }
}

/** Each event of an array is named by the array's key and its own place. A key from a header holds no space, so none is mistaken. */
function keyFromHeader({ body, idempotencyKey }: EventsRequest, index: number): string | undefined {
  return idempotencyKey !== undefined && Array.isArray(body) ? `${idempotencyKey} ${index}` : idempotencyKey
}

/** Beyond what a schema can say: which characters, and how they are counted. */
function checkKeys({ idempotencyKey, orderingKey }: SentEvent, path: string, { fields }: Faults): void {
  if (idempotencyKey === undefined && orderingKey === undefined) return
  for (const options of [{ idempotencyKey }, { orderingKey }]) {
    try {
      resolveSubmitOptions(options)
    } catch (error) {
      if (!(error instanceof InvalidOptionError)) throw error
      fields.push({ path: `${path}/${error.option}`, message: error.message })
    }
  }
}

function readPayload(raw: RawEvent | undefined, path: string, { fields }: Faults): RawJson | null {
  const text = raw?.payloadText ?? null
  if (text === null) {
    fields.push({ path: `${path}/payload`, message: 'is missing' })
    return null
  }
  try {
    // It was cut out of a body of UTF-8 that is JSON.
    return rawJsonWithin(text)
  } catch (error) {
    if (!(error instanceof InvalidPayloadError)) throw error
    fields.push({ path: `${path}/payload`, message: inApiWords(error.message) })
    return null
  }
}

function receiversOf(
  { endpointId, eventType }: SentEvent,
  path: string,
  { caller, context }: EventsRequest,
  faults: Faults,
): readonly string[] | null {
  if (endpointId === undefined) {
    // Each event may go to every webhook there is: what will be refused is not looked up a thousand times.
    if (faults.events > mostInOneGo) return []
    const ids = webhookIdsOf(context.service, caller, eventType)
    faults.events += ids.length
    faults.fanOut = Math.max(faults.fanOut, ids.length)
    return ids
  }
  faults.events += 1
  try {
    return [context.tenancy.endpoint(caller, endpointId).id]
  } catch (error) {
    if (!(error instanceof EndpointNotFoundError)) throw error
    faults.unknown.push({ path: `${path}/endpointId`, message: error.message })
    return null
  }
}

function refuse({ fields, unknown }: Faults): void {
  if (fields.length > 0) throw badRequest([...fields, ...unknown])
  const [first] = unknown
  if (first !== undefined) throw new ApiError(404, 'ENDPOINT_NOT_FOUND', first.message, { fields: unknown })
}
