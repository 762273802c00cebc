import type { EventFact, Facts } from '../facts.ts'

/** The receivers' process has the same clock, read a moment later, and the log's times are whole milliseconds. */
const clockToleranceMs = 2

/**
 * Attempts are numbered 1 to n, one ends before the next begins, and each that arrived anywhere was in the log before,
 * arrived once, at its own endpoint, with its own place number.
 */
export function checkAttempts({ events, strays }: Facts): string[] {
  return [
    ...strays.map(({ eventId, attempt }) => `${eventId} attempt ${attempt} arrived and is not in the log`),
    ...Array.from(events.values()).flatMap((event) => [...numbersOf(event), ...arrivalsOf(event)]),
  ]
}

function numbersOf({ eventId, transitions }: EventFact): string[] {
  const wrong: string[] = []
  let started = 0
  let open = false
  for (const { event } of transitions) {
    if (event.type === 'attempt.started') {
      if (open) wrong.push(`${eventId} attempt ${event.attempt} began before ${started} had ended`)
      if (event.attempt !== started + 1) wrong.push(`${eventId} attempt ${event.attempt} came after ${started}`)
      started = event.attempt
      open = true
    } else if ('attempt' in event) {
      if (!open || event.attempt !== started) wrong.push(`${eventId} attempt ${event.attempt} ended out of turn`)
      open = false
    }
  }
  if (open) wrong.push(`${eventId} attempt ${started} never ended`)
  return wrong
}

function arrivalsOf({ eventId, endpoint, sequence, attempts }: EventFact): string[] {
  return attempts.flatMap(({ attempt, startedAtMs, received }) => {
    const name = `${eventId} attempt ${attempt}`
    const wrong = received.length > 1 ? [`${name} arrived ${received.length} times`] : []
    for (const arrival of received) {
      if (arrival.endpoint !== endpoint.number) {
        wrong.push(`${name} is endpoint ${endpoint.number}’s and arrived at ${arrival.endpoint}`)
      }
      if (arrival.sequence !== sequence) wrong.push(`${name} has place ${sequence} and said ${arrival.sequence}`)
      if (arrival.at < startedAtMs - clockToleranceMs) wrong.push(`${name} arrived before the log knew of it`)
    }
    return wrong
  })
}
