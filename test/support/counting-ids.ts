import type { Ids } from '../../src/ids/ids.ts'

/** `ep_1`, `ep_2`, … and `evt_1`, `evt_2`, …: the same on every run. */
export function createCountingIds(): Ids {
  let endpoints = 0
  let events = 0
  return { endpointId: () => `ep_${(endpoints += 1)}`, eventId: () => `evt_${(events += 1)}` }
}
