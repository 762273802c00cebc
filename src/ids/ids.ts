import { nanoid } from 'nanoid'
import { systemClock } from '../clock/system-clock.ts'
import { timePrefix } from './time-prefix.ts'

/** The port through which ids enter hookline. Ids hold only `A-Z a-z 0-9 _ -` and are never given twice. */
export interface Ids {
  /** `ep_…` */
  endpointId(): string
  /** `evt_…`; also the `webhook-id` on the wire, so it never holds a dot. */
  eventId(): string
}

/** Of an event's id, beside the time: 96 bits of it. */
const chanceLength = 16

/**
 * Unguessable ids: 126 bits of cryptographic chance behind a prefix. An event's begins with the millisecond it was given in,
 * and has 96 bits of chance after it: ids given one after the other lie side by side in an index of a log's file.
 */
export const systemIds: Ids = {
  endpointId: () => inOnePiece(`ep_${nanoid()}`),
  eventId: () => inOnePiece(`evt_${timePrefix(systemClock.now())}${nanoid(chanceLength)}`),
}

/**
 * nanoid adds its text up letter by letter, and V8 keeps such a text as a tree of its pieces: several hundred bytes for
 * each id, and slow to look up. A copy is one piece.
 */
function inOnePiece(id: string): string {
  return Buffer.from(id, 'latin1').toString('latin1')
}
