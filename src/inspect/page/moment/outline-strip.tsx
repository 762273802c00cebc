import type { LogOutline } from '../../view/view-source.ts'

export interface OutlineStripProps {
  readonly outline: LogOutline
  readonly marks: readonly number[]
  readonly first: number
  readonly last: number
}

const height = 18
/** How many of a delivery's records are marked. */
const drawnMarks = 500

/** Where attempts failed, and where the open delivery's records are. */
export function OutlineStrip({ outline: { failures }, marks, first, last }: OutlineStripProps) {
  const width = Math.max(1, failures.length)
  const most = Math.max(...failures, 0.1)
  const span = Math.max(1, last - first)
  const bars = failures.map((part, index) => (part === 0 ? '' : barAt(index, Math.max(2, (part / most) * height))))
  const lines = marks
    .slice(-drawnMarks)
    .map((mark) => `M${(((mark - first) / span) * width).toFixed(2)} ${height + 1}v6`)
  return (
    <svg class="outline" viewBox={`0 0 ${width} ${height + 8}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="ground" d={`M0 ${height}h${width}`} />
      <path class="failures" d={bars.join('')} />
      <path class="marks" d={lines.join('')} />
    </svg>
  )
}

function barAt(index: number, high: number): string {
  return `M${index} ${height}v${-high}h1v${high}z`
}
