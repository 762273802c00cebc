import type { LogOutline, Overview } from '../../view/view-source.ts'
import { useFetched } from '../data/use-fetched.ts'
import { formatCount, formatMoment, formatScale } from '../text/format-time.ts'
import { OutlineStrip } from './outline-strip.tsx'

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
  const { data: outline } = useFetched<LogOutline>('/api/outline', 0)
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
        {outline !== null && <OutlineStrip outline={outline} marks={marks} first={firstSeq} last={lastSeq} />}
        <input
          type="range"
          aria-label="Moment"
          aria-valuetext={`record ${value} of ${lastSeq}${at === null ? '' : `, ${formatMoment(at)}`}`}
          min={firstSeq}
          max={lastSeq}
          value={value}
          onInput={(event) => move(Number(event.currentTarget.value))}
        />
        {outline !== null && <Times times={outline.times} />}
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

/** How many times of day stand below the slider. */
const shownTimes = 6

function Times({ times }: { readonly times: readonly string[] }) {
  const step = Math.max(1, Math.floor(times.length / shownTimes))
  const shown = times
    .map((at, index) => ({ at, index }))
    .filter(({ index }) => index % step === 0 && index + step / 2 < times.length)
  const texts = formatScale(shown.map(({ at }) => at))
  return (
    <div class="times" aria-hidden="true">
      {shown.map(({ index }, place) => (
        <span key={index} style={{ left: `${(index / times.length) * 100}%` }}>
          {texts[place]}
        </span>
      ))}
    </div>
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
