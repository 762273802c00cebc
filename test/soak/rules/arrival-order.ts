import type { Facts } from '../facts.ts'
import { isSuccess } from './is-success.ts'

/**
 * What the receivers saw: in every line, events were first accepted in the order of their places, but for those that
 * stepped aside at some time.
 */
export function checkArrivalOrder({ received, events }: Facts): string[] {
  const wrong: string[] = []
  const highest = new Map<string, number>()
  const accepted = new Set<string>()
  for (const { eventId, sequence, status } of received) {
    const fact = events.get(eventId)
    if (fact === undefined || status === null || !isSuccess(status) || accepted.has(eventId)) continue
    accepted.add(eventId)
    if (fact.transitions.some(({ to }) => to === 'failed' || to === 'deadLettered')) continue
    const before = highest.get(fact.lane) ?? 0
    if (sequence < before) wrong.push(`${eventId}, place ${sequence}, arrived after place ${before}`)
    highest.set(fact.lane, Math.max(before, sequence))
  }
  return wrong
}
