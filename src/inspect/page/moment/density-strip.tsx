import type { Density } from '../../view/view-source.ts'

export interface DensityStripProps {
  readonly density: Density
  readonly marks: readonly number[]
  readonly first: number
  readonly last: number
}

const height = 20
/** How many of a delivery's records are marked. */
const drawnMarks = 500

/** How much happened when, failures apart; and where the open delivery's records are. */
export function DensityStrip({ density: { records, failures }, marks, first, last }: DensityStripProps) {
  const most = Math.max(1, ...records)
  const width = records.length
  const bars = (counts: readonly number[]): string =>
    counts
      .map((count, index) => {
        const high = count === 0 ? 0 : Math.max(1, (count / most) * height)
        return high === 0 ? '' : `M${index} ${height}v${-high}h1v${high}z`
      })
      .join('')
  const span = Math.max(1, last - first)
  return (
    <svg class="density" viewBox={`0 0 ${width} ${height + 6}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="all" d={bars(records)} />
      <path class="failed" d={bars(failures)} />
      <path
        class="marks"
        d={marks
          .slice(-drawnMarks)
          .map((mark) => `M${(((mark - first) / span) * width).toFixed(2)} ${height + 1}v5`)
          .join('')}
      />
    </svg>
  )
}
