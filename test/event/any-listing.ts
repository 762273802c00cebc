// Random histories of a service, and what of them each query is to list: by asking for every event that was ever submitted.
import fc from 'fast-check'
import { CapacityError, EndpointDisabledError, EndpointNotFoundError, EventNotFoundError } from '../../src/index.ts'
import type { EventPage, EventQuery, EventSummary, WebhookService } from '../../src/index.ts'
import { windowSizes } from '../../src/lane/window-sizes.ts'
import { isSettled } from '../../src/statechart/resting-delivery.ts'
import type { LogHome } from '../../src/log/log-home.ts'
import { anyRun, startRun, type Happening, type Run, type RunningService } from '../replay/random-service.ts'

const types = ['a.b', 'a.c.d', 'b', 'a'] as const
const statuses = ['pending', 'delivering', 'backoff', 'delivered', 'failed', 'deadLettered'] as const

/** A query, with endpoints and times still to be put in. */
export interface AnyQuery {
  readonly endpoints: readonly number[] | undefined
  readonly byFunction: boolean
  readonly afterMs: number | undefined
  readonly beforeMs: number | undefined
  readonly rest: EventQuery
}

const anyTimeMs = fc.option(fc.constantFrom(0, 500, 1000, 6000, 60_000), { nil: undefined, freq: 2 })

export const anyQuery: fc.Arbitrary<AnyQuery> = fc.record({
  endpoints: fc.option(fc.subarray([0, 1, 2]), { nil: undefined }),
  byFunction: fc.boolean(),
  afterMs: anyTimeMs,
  beforeMs: anyTimeMs,
  rest: fc.record({
    order: fc.constantFrom('newest', 'oldest', undefined),
    status: fc.option(fc.subarray([...statuses], { minLength: 1 }), { nil: undefined }),
    eventTypes: fc.option(fc.subarray(['a.*', 'b', 'a', 'a.b', '*'], { minLength: 1 }), { nil: undefined }),
    limit: fc.integer({ min: 1, max: 8 }),
  }),
})

/** What happens, and whether what was appended becomes durable after it. */
interface Step {
  readonly happening: Happening
  readonly type: (typeof types)[number]
  readonly commits: boolean
}

export interface History {
  readonly run: Run
  readonly steps: readonly Step[]
}

export const anyHistory: fc.Arbitrary<History> = anyRun.chain((run) =>
  fc.record({
    run: fc.constant(run),
    steps: fc.tuple(
      ...run.happenings.map((happening) =>
        fc.record({
          happening: fc.constant(happening),
          type: fc.constantFrom(...types),
          commits: fc.integer({ min: 0, max: 2 }).map((drawn) => drawn === 0),
        }),
      ),
    ),
  }),
)

export interface Home {
  readonly log: LogHome
  readonly commit: () => Promise<void> | void
}

export interface Listed {
  readonly running: RunningService
  /** Every event ever submitted, in order. */
  readonly submitted: readonly string[]
  readonly take: (step: Step) => Promise<void>
}

const fewInMemory = { ...windowSizes, line: 2, fullLine: 1, roomShare: 0, lines: 1, fullLines: 1, page: 2 }

export function startHistory(run: Run, { log, commit }: Home): Listed {
  const running = startRun(run, { log }, undefined, fewInMemory)
  const submitted: string[] = []
  return {
    running,
    submitted,
    async take({ happening, type, commits }) {
      if (happening.do === 'submit') {
        const endpointId = running.endpointIds[happening.endpoint % running.endpointIds.length]!
        const orderingKey = `key-${happening.key}`
        const eventId = submitted.length
        try {
          submitted.push(running.service.submitEvent(endpointId, type, { eventId }, { orderingKey }))
        } catch (error) {
          if (!refusals.some((refusal) => error instanceof refusal)) throw error
        }
        await running.quiet()
      } else {
        await running.happen(happening)
      }
      if (!commits) return
      await commit()
      await running.quiet()
    },
  }
}

const refusals = [CapacityError, EndpointDisabledError, EndpointNotFoundError]

export function queryOf(query: AnyQuery, endpointIds: readonly string[], startMs: number): EventQuery {
  const { endpoints, byFunction, afterMs, beforeMs, rest } = query
  const ids = endpoints?.flatMap((index) => endpointIds[index] ?? [])
  const time = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : new Date(startMs + ms).toISOString()
  const endpointQuery = ids !== undefined && byFunction ? (id: string) => ids.includes(id) : ids
  return { ...rest, endpointIds: endpointQuery, submittedAfter: time(afterMs), submittedBefore: time(beforeMs) }
}

/** What a query is to list. */
export function expected(service: WebhookService, submitted: readonly string[], query: EventQuery): EventSummary[] {
  const { endpointIds, status, eventTypes, submittedAfter, submittedBefore, order } = query
  const matching = submitted
    .flatMap((id) => summaryOf(service, id) ?? [])
    .filter(({ endpointId }) =>
      typeof endpointIds === 'function' ? endpointIds(endpointId) : (endpointIds?.includes(endpointId) ?? true),
    )
    .filter((event) => status?.includes(event.status) ?? true)
    .filter(({ eventType }) => eventTypes?.some((pattern) => isUnder(pattern, eventType)) ?? true)
    .filter(({ submittedAt }) => submittedAfter === undefined || submittedAt >= submittedAfter)
    .filter(({ submittedAt }) => submittedBefore === undefined || submittedAt < submittedBefore)
  return order === 'oldest' ? matching : matching.reverse()
}

function isUnder(pattern: string, eventType: string): boolean {
  return pattern === '*' || pattern === eventType || (pattern === 'a.*' && eventType.startsWith('a.'))
}

function summaryOf(service: WebhookService, id: string): EventSummary | null {
  try {
    const { eventId, endpointId, eventType, attempts, retryAt, sequence, orderingKey, submittedAt } =
      service.getEvent(id)
    const { status, lastError, deliveredAt } = service.getEventStatus(id)
    let settledAt = null
    for (const { from, to, at } of service.log.entries({ eventId })) {
      if (from !== null && !isSettled(from) && isSettled(to)) settledAt = at
      if (!isSettled(to)) settledAt = null
    }
    const shown = { id: eventId, endpointId, eventType, status, attempts: attempts.length, lastError, submittedAt }
    return { ...shown, settledAt, deliveredAt, retryAt, sequence, orderingKey }
  } catch (error) {
    if (error instanceof EventNotFoundError) return null
    throw error
  }
}

/** All pages of a query, with something between each two. */
export async function readPages(
  service: WebhookService,
  query: EventQuery,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<EventPage[]> {
  const pages: EventPage[] = []
  for (let cursor: string | null = null; ;) {
    const page = service.listEvents({ ...query, cursor })
    pages.push(page)
    if (page.nextCursor === null) return pages
    cursor = page.nextCursor
    await between()
  }
}
