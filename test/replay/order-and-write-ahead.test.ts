import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Transition } from '../../src/log/transition.ts'
import { anyRun, startRun } from './random-service.ts'
import type { Run, RunningService } from './random-service.ts'

/** A lane as a person would describe it: events in the order they joined, and the dead letter that may hold them. */
interface Line {
  readonly waiting: string[]
  heldBy: string | null
}

/** Follows the log record by record and knows, from the rules alone, which events may start an attempt now. */
function watchLines(running: RunningService) {
  const lines = new Map<string, Line>()
  const names = new Map<string, string>()
  let read = 0

  const lineOf = ({ endpointId, eventId, event }: Transition): Line => {
    if (event.type === 'event.submitted') {
      const { ordering = 'fifo' } = running.optionsOf(endpointId)
      const key = { fifo: 'all', key: event.orderingKey ?? '', none: eventId }[ordering]
      names.set(eventId, `${endpointId} ${key}`)
    }
    const name = names.get(eventId)!
    const line = lines.get(name) ?? { waiting: [], heldBy: null }
    lines.set(name, line)
    return line
  }

  const follow = (transition: Transition): void => {
    const { endpointId, eventId, event, from, to } = transition
    const line = lineOf(transition)
    const joins = from === null || (to === 'pending' && !line.waiting.includes(eventId))
    if (joins && line.heldBy === eventId) {
      line.heldBy = null
      line.waiting.unshift(eventId)
    } else if (joins) {
      line.waiting.push(eventId)
    }
    if (event.type === 'attempt.started') {
      expect({ startedBy: eventId, heldBy: line.heldBy }).toEqual({ startedBy: line.waiting[0], heldBy: null })
    }
    if (event.type === 'line.released') {
      expect(line.heldBy).toBe(eventId)
      line.heldBy = null
    } else if (to === 'delivered' || to === 'failed' || to === 'deadLettered') {
      line.waiting.splice(line.waiting.indexOf(eventId), 1)
      const { whenExhausted } = running.optionsOf(endpointId)
      if (to === 'deadLettered' && whenExhausted === 'halt') line.heldBy = eventId
    }
  }

  return {
    catchUp(): void {
      for (const transition of running.appended.slice(read)) follow(transition)
      read = running.appended.length
    },
    expectPlacesTold(): void {
      for (const { waiting } of lines.values()) {
        for (const [place, eventId] of waiting.entries()) expect(running.service.getEvent(eventId).ahead).toBe(place)
      }
    },
  }
}

test('in every line attempts start only for the event whose turn it is', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const running = startRun(run)
      const watch = watchLines(running)
      for (const happening of run.happenings) {
        await running.happen(happening)
        watch.catchUp()
        watch.expectPlacesTold()
      }
      await running.stop()
      watch.catchUp()
    }),
    { numRuns: 60 },
  )
})

/** Attempts of one event: started 1, ended 1, started 2, ended 2, …; never two at once. */
function expectAttemptsInTurn(appended: readonly Transition[]): void {
  const attempts = new Map<string, { started: number; ended: number }>()
  for (const { eventId, event } of appended) {
    const counts = attempts.get(eventId) ?? { started: 0, ended: 0 }
    attempts.set(eventId, counts)
    if (!('attempt' in event)) continue
    if (event.type === 'attempt.started') {
      expect(counts.ended).toBe(counts.started)
      expect(event.attempt).toBe((counts.started += 1))
    } else {
      expect(event.attempt).toBe(counts.started)
      expect((counts.ended += 1)).toBe(counts.started)
    }
  }
}

async function expectWriteAhead(run: Run): Promise<void> {
  const running = startRun(run)
  const { service, transport, appended } = running
  const sent: string[] = []
  transport.respond(({ eventId, attempt }) => {
    const last = [...service.log.entries({ eventId })].at(-1)
    expect(last?.event).toMatchObject({ type: 'attempt.started', attempt })
    sent.push(`${eventId} ${attempt}`)
    return 'held'
  })
  for (const happening of run.happenings) await running.happen(happening)
  await running.stop()
  expectAttemptsInTurn(appended)
  const started = appended.flatMap(({ eventId, event }) =>
    event.type === 'attempt.started' ? [`${eventId} ${event.attempt}`] : [],
  )
  expect(sent).toEqual(started)
}

test('attempts are numbered 1 to n, one after the other, and each is in the log before its request leaves', async () => {
  await fc.assert(fc.asyncProperty(anyRun, expectWriteAhead), { numRuns: 60 })
})

test('no attempt starts before it is due', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const running = startRun(run)
      for (const happening of run.happenings) await running.happen(happening)
      await running.stop()
      const dueAt = new Map<string, string>()
      for (const { eventId, event, from, to } of running.appended) {
        if (event.type === 'attempt.failed' && to === 'backoff') dueAt.set(eventId, event.retryAt)
        if (from === 'backoff' && to === 'delivering') expect(event.at >= dueAt.get(eventId)!).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
})

test('places in a line are given from 1 on, without gaps, in the order of submission', async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const running = startRun(run)
      for (const happening of run.happenings) await running.happen(happening)
      await running.stop()
      const places = new Map<string, number[]>()
      for (const { endpointId, event } of running.appended) {
        if (event.type !== 'event.submitted') continue
        const byKey = running.optionsOf(endpointId).ordering === 'key'
        const name = byKey ? `${endpointId} ${event.orderingKey ?? ''}` : endpointId
        places.set(name, [...(places.get(name) ?? []), event.sequence])
      }
      for (const given of places.values()) expect(given).toEqual(given.map((_, index) => index + 1))
    }),
    { numRuns: 30 },
  )
})
