import type { EventStatus } from '../../../src/index.ts'
import { HooklineError, replay } from '../../../src/index.ts'
import type { Facts } from '../facts.ts'

/** The state of the service before it was shut down, as its own calls told it. */
export interface LiveState {
  /** Of every event that was still kept, by id. */
  readonly events: Readonly<Record<string, EventStatus>>
  /** Of every endpoint then registered, by id. */
  readonly endpoints: Readonly<Record<string, string>>
}

/** The whole log folds without a step that does not follow, and to the very state the service was in. */
export function checkFold({ records }: Facts, live: LiveState): string[] {
  let folded
  try {
    folded = replay(records)
  } catch (error) {
    if (error instanceof HooklineError) return [error.message]
    throw error
  }
  const wrong: string[] = []
  for (const [eventId, status] of Object.entries(live.events)) {
    const [shown, logged] = [describe(status), describe(folded.events.get(eventId))]
    if (shown !== logged) wrong.push(`${eventId} is ${shown}, and its log says ${logged}`)
  }
  for (const [endpointId, state] of Object.entries(live.endpoints)) {
    const says = folded.endpoints.get(endpointId)?.state ?? 'active'
    const shown = says === 'failing' || says === 'warned' ? 'active' : says
    if (shown !== state) wrong.push(`${endpointId} is ${state}, and its log says ${shown}`)
  }
  return wrong
}

function describe(event: EventStatus | undefined): string {
  if (event === undefined) return 'nothing'
  const { status, attempts, lastError, deliveredAt } = event
  return `${status} (attempts ${attempts}, last error ${String(lastError)}, delivered at ${String(deliveredAt)})`
}
