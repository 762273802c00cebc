/** All in px, to the right and down. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** A rectangle by its middle. */
export interface Box extends Point, Size {}

/** The same with right and down exchanged. */
export function turnPoint({ x, y }: Point): Point {
  return { x: y, y: x }
}

/** The same with right and down exchanged. */
export function turnSize({ width, height }: Size): Size {
  return { width: height, height: width }
}

/** The same with right and down exchanged. */
export function turnBox(box: Box): Box {
  return { ...turnPoint(box), ...turnSize(box) }
}
