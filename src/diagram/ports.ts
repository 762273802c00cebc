// Where lines meet boxes: each at a height of its own.
import type { Size } from './box.ts'
import type { LinkStops, LinkToPlace, Stop } from './columns.ts'

type Link = LinkToPlace & LinkStops
type End = 'from' | 'to'
type Side = 'left' | 'right'

interface Port {
  readonly link: Link
  readonly end: End
  /** The height at which the line would need no bend. */
  readonly wish: number
}

const gapBetweenPorts = 14
const margin = 12

/** How high a box must be for its lines to meet it apart. */
export function heightForPorts(id: string, links: readonly Link[]): number {
  const most = Math.max(portsAt(id, 'left', links).length, portsAt(id, 'right', links).length)
  return most <= 1 ? 0 : (most - 1) * gapBetweenPorts + 2 * margin
}

/** The height at which a line leaves its source, or reaches its target. */
export function portHeight(link: Link, end: End, links: readonly Link[]): number {
  const box = end === 'from' ? link.source : link.target
  const ports = portsAt(link[end], sideOf(link, end), links)
  return spread(ports, box)[ports.findIndex((port) => port.link === link && port.end === end)] ?? box.y
}

export function isForward({ source, target }: LinkStops): boolean {
  return source.column < target.column
}

function sideOf(link: Link, end: End): Side {
  return (end === 'from') === isForward(link) ? 'right' : 'left'
}

/** The lines that meet one side of a box, from the top down. */
function portsAt(id: string, side: Side, links: readonly Link[]): readonly Port[] {
  const ports: Port[] = []
  for (const link of links) {
    if (link.from === id && sideOf(link, 'from') === side) {
      ports.push({ link, end: 'from', wish: (link.crossings[0] ?? link.target).y })
    }
    if (link.to === id && sideOf(link, 'to') === side) {
      ports.push({ link, end: 'to', wish: (link.crossings.at(-1) ?? link.source).y })
    }
  }
  return ports.sort((one, other) => one.wish - other.wish)
}

/** Heights as near to the wished ones as the box, and the gap between two ports, allow. */
function spread(ports: readonly Port[], { y, height }: Size & Stop): readonly number[] {
  const reach = Math.max(height / 2 - margin, 0)
  const [top, bottom] = [y - reach, y + reach]
  const fromTop: number[] = []
  for (const { wish } of ports) {
    fromTop.push(Math.max(Math.min(wish, bottom), top, (fromTop.at(-1) ?? -Infinity) + gapBetweenPorts))
  }
  const fromBottom: number[] = []
  for (const wish of fromTop.reverse()) {
    fromBottom.push(Math.min(wish, bottom, (fromBottom.at(-1) ?? Infinity) - gapBetweenPorts))
  }
  return fromBottom.reverse()
}
