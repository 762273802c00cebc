import type { Density, Overview } from '../../view/view-source.ts'
import { useFetched } from '../data/use-fetched.ts'
import { formatCount, formatMoment } from '../text/format-time.ts'
import { DensityStrip } from './density-strip.tsx'

export interface TimeSliderProps {
  readonly overview: Overview
  readonly seq: number | null
  /** The numbers of the open delivery's records. */
  readonly marks: readonly number[]
  readonly onChange: (seq: number | null) => void
}

/** The moment of a recorded log that everything shows. */
export function TimeSlider({ overview, seq, marks, onChange }: TimeSliderProps) {
  const { firstSeq, lastSeq, at } = overview
  const { data: density } = useFetched<Density>('/api/density', 0)
  const value = seq ?? lastSeq
  const move = (to: number): void => onChange(to >= lastSeq ? null : Math.max(to, firstSeq))
  const before = marks.findLast((mark) => mark < value)
  const after = marks.find((mark) => mark > value)
  return (
    <section class="moment" aria-label="Moment of the log">
      <div class="steps">
        <Step label="Previous record of this delivery" to={before} onStep={move} path="M10 3 5 8l5 5" />
        <Step label="Next record of this delivery" to={after} onStep={move} path="M6 3l5 5-5 5" />
      </div>
      <div class="scale">
        {density !== null && <DensityStrip density={density} marks={marks} first={firstSeq} last={lastSeq} />}
        <input
          type="range"
          aria-label="Moment"
          aria-valuetext={`record ${value} of ${lastSeq}${at === null ? '' : `, ${formatMoment(at)}`}`}
          min={firstSeq}
          max={lastSeq}
          value={value}
          onInput={(event) => move(Number(event.currentTarget.value))}
        />
      </div>
      <output class="shown-moment">
        <b>{at === null ? '–' : formatMoment(at)}</b>
        <span>
          record {formatCount(value)} of {formatCount(lastSeq)}
        </span>
      </output>
    </section>
  )
}

interface StepProps {
  readonly label: string
  /** Undefined: there is none. */
  readonly to: number | undefined
  readonly onStep: (seq: number) => void
  readonly path: string
}

function Step({ label, to, onStep, path }: StepProps) {
  return (
    <button
      type="button"
      class="step"
      aria-label={label}
      title={label}
      disabled={to === undefined}
      onClick={() => to !== undefined && onStep(to)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  )
}
