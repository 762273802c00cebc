import type { Facts } from '../facts.ts'

const settled: readonly string[] = ['delivered', 'failed', 'deadLettered']

/** Every event that was submitted is in the log, no other is, and each has settled. */
export function checkAccounting({ submitted, events }: Facts): string[] {
  const known = new Set(submitted)
  const twice = submitted.length - known.size
  return [
    ...(twice > 0 ? [`${twice} ids were given to more than one submission`] : []),
    ...submitted.filter((eventId) => !events.has(eventId)).map((eventId) => `${eventId} was submitted and is lost`),
    ...[...events.keys()].filter((eventId) => !known.has(eventId)).map((id) => `${id} was never submitted`),
    ...Array.from(events.values())
      .filter(({ status }) => !settled.includes(status))
      .map(({ eventId, status, endpoint }) => `${eventId} of ${endpoint.endpointId} is still ${status}`),
  ]
}
