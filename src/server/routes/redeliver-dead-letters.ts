// Many dead letters put back in line, page by page, so that neither memory nor the event loop is held by how many there are.
import { CapacityError, EndpointNotFoundError, EventNotFoundError } from '../../errors/errors.ts'
import { inApiWords } from '../http/api-words.ts'
import type { ServerContext } from '../server-context.ts'
import { listEvents } from './event-list.ts'
import type { EventFilter } from './event-list.ts'
import type { Call } from './route.ts'

export interface DeadLettersQuery extends EventFilter {
  readonly limit?: number
  readonly cursor?: string
}

export interface Redelivered {
  redelivered: number
  skipped: number
  stoppedBy: { readonly code: string; readonly message: string } | null
  nextCursor: string | null
}

const pageSize = 100
/** So that a filter that few fall under cannot hold the server: each page is one bounded search. */
const mostPages = 100

/**
 * Redelivers those that the filter takes, the oldest first, up to the limit. What was redelivered is durable when it resolves.
 *
 * @throws CapacityError when there is no room for the first
 */
export async function redeliverDeadLetters(
  { limit = 1000, cursor, ...filter }: DeadLettersQuery,
  { caller, touched, context }: Pick<Call, 'caller' | 'touched' | 'context'>,
): Promise<Redelivered> {
  const done: Redelivered = { redelivered: 0, skipped: 0, stoppedBy: null, nextCursor: cursor ?? null }
  for (let pages = 0; pages < mostPages; pages += 1) {
    const room = Math.min(pageSize, limit - done.redelivered - done.skipped)
    if (room === 0) break
    const place = done.nextCursor === null ? {} : { cursor: done.nextCursor }
    const query = { ...filter, ...place, status: ['deadLettered' as const], order: 'oldest' as const, limit: room }
    const page = listEvents(query, { caller, context }, 'body')
    for (const { id } of page.data) {
      const error = redeliver(context, id)
      if (error instanceof CapacityError) return stopped(done, error, context)
      if (error === null) {
        done.redelivered += 1
        touched.add(id)
      } else done.skipped += 1
    }
    await context.service.flush()
    done.nextCursor = page.nextCursor
    if (page.nextCursor === null) break
  }
  return done
}

/** The cursor stays before the page: what is left of it is found again, what was redelivered is no dead letter any more. */
async function stopped(
  done: Redelivered,
  error: CapacityError,
  { service }: Pick<ServerContext, 'service'>,
): Promise<Redelivered> {
  if (done.redelivered === 0) throw error
  await service.flush()
  return { ...done, stoppedBy: { code: error.code, message: inApiWords(error.message) } }
}

function redeliver({ service }: Pick<ServerContext, 'service'>, id: string): Error | null {
  try {
    service.redeliver(id)
    return null
  } catch (error) {
    const isPassedOver = error instanceof EndpointNotFoundError || error instanceof EventNotFoundError
    if (isPassedOver || error instanceof CapacityError) return error
    throw error
  }
}
