// What the page's address says: which delivery is open, and which moment of a recorded log is shown.

export interface Route {
  readonly eventId: string | null
  /** Null: the newest there is. */
  readonly seq: number | null
}

const form = /^#\/(?:event\/([^@]*))?(?:@(\d{1,15}))?$/

/** Whatever cannot be understood opens nothing. */
export function parseRoute(hash: string): Route {
  const [, event, seq] = form.exec(hash) ?? []
  return { eventId: decode(event ?? '') || null, seq: seq === undefined ? null : Number(seq) }
}

/** `#/event/evt_1@12` */
export function formatRoute({ eventId, seq }: Route): string {
  const event = eventId === null ? '' : `event/${encodeURIComponent(eventId)}`
  return `#/${event}${seq === null ? '' : `@${seq}`}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
