import type { Rule } from './rule.ts'

/** Delivered means that this endpoint accepted this request, and not that some answer came. */
export const delivered: Rule = {
  name: 'what is delivered was accepted',
  *check({ history }) {
    for (const { eventId, endpoint, records, requests } of history.events.values()) {
      for (const { record, tick } of records) {
        const { event, seq } = record
        if (event.type !== 'attempt.succeeded') continue
        const { attempt } = event
        const accepted = requests.some(
          (request) =>
            request.attempt === attempt &&
            request.endpoint === endpoint &&
            isAccepted(request) &&
            (request.arrivedTick ?? Infinity) < tick,
        )
        if (!accepted) {
          yield {
            message: `attempt ${attempt} of ${eventId} succeeded, and its endpoint did not accept it`,
            seq,
            eventId,
          }
        }
      }
    }
  },
}

/** Whether the endpoint answered 2xx, be it that the answer came back or not. */
export function isAccepted({ status }: { readonly status: number | null }): boolean {
  return status !== null && status >= 200 && status <= 299
}
