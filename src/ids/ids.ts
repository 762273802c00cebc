import { nanoid } from 'nanoid'

/** The port through which ids enter hookline. Ids hold only `A-Z a-z 0-9 _ -` and are never given twice. */
export interface Ids {
  /** `ep_…` */
  endpointId(): string
  /** `evt_…`; also the `webhook-id` on the wire, so it never holds a dot. */
  eventId(): string
}

/** Unguessable ids: 126 bits of cryptographic chance behind a prefix. */
export const systemIds: Ids = {
  endpointId: () => `ep_${nanoid()}`,
  eventId: () => `evt_${nanoid()}`,
}
