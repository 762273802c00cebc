import type { DeliveryRow, LineView } from './view-source.ts'

/** How many of those at the front of a line are shown, and how many on either side of the event. */
const atFront = 5
const around = 2

/**
 * A line as far as it is shown for one of its events.
 *
 * @param rowAt who stands at a place of it, from 0
 */
export function viewLine(
  laneKey: string,
  length: number,
  place: number | null,
  haltedBy: DeliveryRow | null,
  rowAt: (place: number) => DeliveryRow | undefined,
): LineView {
  const places = new Set<number>()
  const add = (from: number, to: number): void => {
    for (let index = Math.max(0, from); index <= Math.min(length - 1, to); index += 1) places.add(index)
  }
  add(0, atFront - 1)
  if (place !== null) add(place - around, place + around)
  const members = [...places].flatMap((index) => {
    const row = rowAt(index)
    return row === undefined ? [] : [{ place: index, row }]
  })
  return { laneKey, length, place, members, haltedBy }
}
