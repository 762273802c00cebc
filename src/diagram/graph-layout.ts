// Boxes and the lines between them, from left to right or from top to bottom.
import { turnBox, turnPoint, turnSize } from './box.ts'
import { layOutColumns } from './columns.ts'
import type { BoxToPlace, LinkToPlace } from './columns.ts'
import { heightForPorts } from './ports.ts'
import { routeLines } from './routes.ts'
import type { RoutedColumns } from './routes.ts'

export type Direction = 'right' | 'down'

export function layOutGraph<ABox extends BoxToPlace, ALink extends LinkToPlace>(
  boxes: readonly ABox[],
  links: readonly ALink[],
  direction: Direction,
): RoutedColumns<ABox, ALink> {
  if (direction === 'right') return layOutRightwards(boxes, links)
  // Rows are columns turned over.
  const turned = layOutRightwards(
    boxes.map((box) => ({ ...box, ...turnSize(box) })),
    links.map((link) => ({ ...link, labelSize: link.labelSize === null ? null : turnSize(link.labelSize) })),
  )
  return {
    ...turnSize(turned),
    boxes: turned.boxes.map((box) => ({ ...box, ...turnBox(box) })),
    links: turned.links.map((link) => ({
      ...link,
      label: link.label === null ? null : turnBox(link.label),
      route: link.route.map((part) => part.map(turnPoint)),
    })),
  }
}

function layOutRightwards<ABox extends BoxToPlace, ALink extends LinkToPlace>(
  boxes: readonly ABox[],
  links: readonly ALink[],
): RoutedColumns<ABox, ALink> {
  // Which lines meet which side of a box shows only once all is laid out, and then the box may be too low for them.
  const { links: laid } = layOutColumns(boxes, links)
  const roomy = boxes.map((box) => ({ ...box, height: Math.max(box.height, heightForPorts(box.id, laid)) }))
  return routeLines(layOutColumns(roomy, links))
}
