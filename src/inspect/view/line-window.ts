import type { DeliveryRow, LineMember, LineView } from './view-source.ts'

/** How many of those at the front of a line are shown, and how many on either side of the event. */
const atFront = 5
const around = 2

export interface WholeLine extends Omit<LineView, 'members'> {
  /** Those who wait in it, `limit` of them from a place on. */
  readonly waiting: (from: number, limit: number) => readonly DeliveryRow[]
}

/** A line as far as it is shown for one of its events: those at its front, and those around the event. */
export function viewLine({ waiting, ...line }: WholeLine): LineView {
  const members: LineMember[] = []
  const add = (from: number, end: number): void => {
    for (const [index, row] of waiting(from, end - from).entries()) members.push({ place: from + index, row })
  }
  add(0, atFront)
  if (line.place !== null) add(Math.max(atFront, line.place - around), Math.max(atFront, line.place + around + 1))
  return { ...line, members }
}
