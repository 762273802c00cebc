// Lists of events, as the core gives them, for what a caller sees.
import { InvalidOptionError } from '../../errors/errors.ts'
import type { EventSummary } from '../../event/event-page.ts'
import type { EventQuery } from '../../event/event-query.ts'
import type { Caller } from '../keys/caller.ts'
import type { ServerContext } from '../server-context.ts'
import { badField } from './bad-request.ts'
import { readCursor, writeCursor } from './cursor.ts'

/** By which events are chosen, as a query or a body says it. */
export interface EventFilter {
  readonly endpointId?: string
  readonly eventType?: string
  readonly submittedAfter?: string
  readonly submittedBefore?: string
}

export interface EventListQuery extends EventFilter {
  readonly status?: EventSummary['status'][]
  readonly order?: 'newest' | 'oldest'
  readonly limit?: number
  readonly cursor?: string
}

interface Asking {
  readonly caller: Caller
  readonly context: Pick<ServerContext, 'service' | 'tenancy'>
}

export interface EventList {
  readonly data: readonly EventSummary[]
  readonly nextCursor: string | null
}

/**
 * @param where the part of the request that the conditions stand in
 * @throws ApiError 400 naming the condition that is none
 */
export function listEvents(query: EventListQuery, asking: Asking, where: 'query' | 'body'): EventList {
  const { eventType, submittedAfter, submittedBefore, status, order, limit } = query
  const cursor = readCursor(query.cursor, where)
  const endpointIds = endpointsOf(query, asking)
  const eventTypes = eventType === undefined ? undefined : [eventType]
  try {
    const { events, nextCursor } = asking.context.service.listEvents({
      endpointIds,
      eventTypes,
      submittedAfter,
      submittedBefore,
      status,
      order,
      limit,
      cursor,
    })
    return { data: events, nextCursor: writeCursor(nextCursor) }
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error
    const [name = ''] = /^[a-z]+/i.exec(error.option) ?? []
    // The core says first which option it is about; here the path says it.
    const message = error.message.replace(/^.*?(?=must )/, '')
    throw badField(`/${name === 'eventTypes' ? 'eventType' : name}`, message, where)
  }
}

/** A webhook that the caller does not see has no events, as one that there is not. Those of one removed are the platform's. */
function endpointsOf({ endpointId }: EventFilter, { caller, context }: Asking): EventQuery['endpointIds'] {
  const sees = (id: string): boolean => context.tenancy.seesEndpoint(caller, id)
  if (endpointId !== undefined) return sees(endpointId) ? [endpointId] : []
  return caller.tenantId === null ? undefined : sees
}
