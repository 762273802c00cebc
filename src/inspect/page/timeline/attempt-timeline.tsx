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
  const kinds = (Object.keys(kindNames) as BarKind[]).filter((kind) =>
    rows.some(({ bars }) => bars.some((bar) => bar.kind === kind)),
  )
  return (
    <section class="panel timeline" aria-label="Attempts">
      <header>
        <h2>Attempts</h2>
        <ul class="legend">
          {kinds.map((kind) => (
            <li key={kind}>
              <span class={`bar ${kind}`} /> {kindNames[kind]}
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
  const tone = row.end === null ? 'open' : row.end.type === 'attempt.succeeded' ? 'good' : 'bad'
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

function BarView({ bar, timeline, tone }: { readonly bar: Bar; readonly timeline: Timeline; readonly tone: string }) {
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
      {end.durationMs !== null && ` ${formatDuration(end.durationMs)}`}
      {end.retryAt !== null && (
        <span class="then"> then {formatDuration(Date.parse(end.retryAt) - Date.parse(end.at))} backoff</span>
      )}
    </>
  )
}
