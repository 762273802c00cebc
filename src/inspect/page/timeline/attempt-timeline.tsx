import type { DeliveryView } from '../../view/view-source.ts'
import { ShownText } from '../text/shown-text.tsx'
import { formatClock, formatDuration } from '../text/format-time.ts'
import { ticksOf, timelineOf } from './timeline.ts'
import type { Bar, BarKind, Timeline, TimelineRow } from './timeline.ts'

const kindNames: Readonly<Record<BarKind, string>> = {
  line: 'waiting in line',
  hold: 'held by a rate limit',
  backoff: 'backoff',
  late: 'due, not started',
  flight: 'request under way',
}

/** How many attempts are drawn; the newest. */
const drawnRows = 40

/** The attempts of an event on one axis, to scale. */
export function AttemptTimeline({ delivery }: { readonly delivery: DeliveryView }) {
  const timeline = timelineOf(delivery)
  const rows = timeline.rows.slice(-drawnRows)
  const hidden = timeline.rows.length - rows.length
  return (
    <section class="panel timeline" aria-label="Attempts">
      <header>
        <h2>Attempts</h2>
        <ul class="legend">
          {legendOf(rows).map(([look, name]) => (
            <li key={name}>
              <span class={`bar ${look}`} /> {name}
            </li>
          ))}
        </ul>
      </header>
      <ol class="rows">
        <Axis timeline={timeline} />
        {hidden > 0 && <li class="note">{hidden} earlier attempts are not drawn</li>}
        {rows.map((row, index) => (
          <Row key={row.attempt ?? `next-${index}`} row={row} timeline={timeline} />
        ))}
      </ol>
    </section>
  )
}

/** What is drawn, once each: how it looks, and what it means. */
function legendOf(rows: readonly TimelineRow[]): [look: string, name: string][] {
  const names = new Map<string, string>()
  for (const row of rows) {
    for (const { kind } of row.bars) {
      if (kind === 'flight') names.set(`flight ${toneOf(row)}`, flightNames[toneOf(row)])
      else names.set(kind, kindNames[kind])
    }
  }
  return [...names]
}

type Tone = 'good' | 'bad' | 'open'

const flightNames: Readonly<Record<Tone, string>> = { good: 'delivered', bad: 'failed', open: 'request under way' }

function toneOf({ end }: TimelineRow): Tone {
  if (end === null) return 'open'
  return end.type === 'attempt.succeeded' ? 'good' : 'bad'
}

function Axis({ timeline: { startMs, endMs } }: { readonly timeline: Timeline }) {
  const length = endMs - startMs
  return (
    <li class="axis" aria-hidden="true">
      <span />
      <div class="track">
        {ticksOf(length).map((tick) => (
          <span key={tick} class="tick" style={{ left: `${(tick / length) * 100}%` }}>
            {tick === 0 ? '0' : `+${formatDuration(tick)}`}
          </span>
        ))}
      </div>
      <span />
    </li>
  )
}

function Row({ row, timeline }: { readonly row: TimelineRow; readonly timeline: Timeline }) {
  const tone = toneOf(row)
  return (
    <li class="row">
      <span class="number">{row.attempt === null ? 'next' : `#${row.attempt}`}</span>
      <div class="track">
        {row.bars.map((bar, index) => (
          <BarView key={index} bar={bar} timeline={timeline} tone={tone} />
        ))}
      </div>
      <span class={`result ${tone}`}>
        <Result row={row} />
      </span>
    </li>
  )
}

function BarView({ bar, timeline, tone }: { readonly bar: Bar; readonly timeline: Timeline; readonly tone: Tone }) {
  const length = timeline.endMs - timeline.startMs
  const left = ((bar.fromMs - timeline.startMs) / length) * 100
  const width = ((bar.toMs - bar.fromMs) / length) * 100
  const title = `${kindNames[bar.kind]}: ${formatDuration(bar.toMs - bar.fromMs)}, from ${formatClock(new Date(bar.fromMs).toISOString())}`
  return <span class={`bar ${bar.kind} ${tone}`} title={title} style={{ left: `${left}%`, width: `${width}%` }} />
}

function Result({ row: { end, attempt, bars } }: { readonly row: TimelineRow }) {
  const flight = bars.find(({ kind }) => kind === 'flight')
  if (end === null) {
    if (attempt !== null) return <>in flight{flight && `, ${formatDuration(flight.toMs - flight.fromMs)}`}</>
    const backoff = bars.find(({ kind }) => kind === 'backoff')
    return backoff === undefined ? <>waiting</> : <>due at {formatClock(new Date(backoff.toMs).toISOString())}</>
  }
  return (
    <>
      <b>{end.status ?? <ShownText text={end.failure?.reason ?? ''} max={40} />}</b>
      {end.durationMs !== null && ` · ${formatDuration(end.durationMs)}`}
      {end.retryAt !== null && (
        <span class="then"> · then {formatDuration(Date.parse(end.retryAt) - Date.parse(end.at))} backoff</span>
      )}
    </>
  )
}
