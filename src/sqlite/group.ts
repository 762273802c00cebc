import { transitionOf } from './grouped-record.ts'
import type { GroupedRecord } from './grouped-record.ts'

/** What is to be written in one commit: records, and what retention takes from the file before they are written. */
export class Group {
  /** In the order of their `seq`. */
  readonly records: GroupedRecord[] = []
  /** Events to be removed from the file, whole. */
  readonly removedEvents = new Set<string>()
  /** The `seq` of endpoints' own records to be removed from the file. */
  readonly removedEndpointRecords = new Set<number>()
  /** Events, by number, whose records in the file are damaged: to be taken out of their lines. */
  readonly damagedEvents = new Set<number>()
  /** So many pages of the file, of those that hold nothing, are to be given back. */
  freedPages = 0

  get empty(): boolean {
    return (
      this.records.length === 0 &&
      this.removedEvents.size === 0 &&
      this.removedEndpointRecords.size === 0 &&
      this.damagedEvents.size === 0 &&
      this.freedPages === 0
    )
  }

  /** Also what of it was never written. */
  evict(eventId: string): void {
    for (const grouped of this.records) if (transitionOf(grouped)?.eventId === eventId) grouped.dropped = true
    this.removedEvents.add(eventId)
  }

  evictEndpointRecord(seq: number): void {
    const grouped = this.records.find((record) => record.seq === seq)
    if (grouped === undefined) this.removedEndpointRecords.add(seq)
    else grouped.dropped = true
  }

  /** Events with records in it. */
  eventIds(): ReadonlySet<string> {
    const ids = new Set<string>()
    for (const grouped of this.records) {
      const transition = transitionOf(grouped)
      if (transition !== null) ids.add(transition.eventId)
    }
    return ids
  }

  /** The records with a `seq` above `seq`, those that were dropped left out. A copy: the group may be written meanwhile. */
  after(seq: number): readonly GroupedRecord[] {
    return this.records.filter((record) => record.seq > seq && !record.dropped)
  }
}
