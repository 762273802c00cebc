import type { RecordView } from '../../view/record-view.ts'
import { formatRoute } from '../route.ts'
import { formatClock, formatCount, formatDuration } from '../text/format-time.ts'
import { ShownText } from '../text/shown-text.tsx'

export interface RecordListProps {
  readonly records: readonly RecordView[]
  /** How many between the first and the second are left out. */
  readonly omitted: number
  /** Whose record they are, to link to its moments; null where there are none. */
  readonly momentsOf: string | null
}

/** Records of the log, each with its machine event as it stands there. */
export function RecordList({ records, omitted, momentsOf }: RecordListProps) {
  if (records.length === 0) return <p class="note">There are no records.</p>
  return (
    <ol class="records">
      {records.map((record, index) => (
        <>
          {index === 1 && omitted > 0 && <li class="note">{formatCount(omitted)} records are not shown</li>}
          <Row key={record.seq} record={record} momentsOf={momentsOf} />
        </>
      ))}
    </ol>
  )
}

function Row({ record, momentsOf }: { readonly record: RecordView; readonly momentsOf: string | null }) {
  const { seq, at, type, from, to, machine, event } = record
  return (
    <li class="record" data-seq={seq}>
      <div class="what">
        {momentsOf === null ? (
          <span class="seq">{seq}</span>
        ) : (
          <a class="seq" href={formatRoute({ eventId: momentsOf, seq })} title="Show this moment">
            {seq}
          </a>
        )}
        <time dateTime={at}>{formatClock(at)}</time>
        <b>
          <ShownText text={type} max={80} />
        </b>
        <span class="way">
          {from === null ? '' : `${from} → `}
          {to}
          {machine === 'delivery' ? '' : ` (${machine})`}
        </span>
        <span class="detail">{detailOf(record)}</span>
      </div>
      {record.failure !== null && (
        <p class="failure">
          <ShownText text={record.failure.message} max={500} />
        </p>
      )}
      {record.snippet !== null && (
        <pre class="snippet">
          <ShownText text={record.snippet} max={2000} />
        </pre>
      )}
      <details>
        <summary>event</summary>
        <LongText text={event} />
      </details>
    </li>
  )
}

function detailOf({ status, durationMs, attempt }: RecordView): string {
  const parts = [
    attempt === null ? '' : `attempt ${attempt}`,
    status === null ? '' : String(status),
    durationMs === null ? '' : formatDuration(durationMs),
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

/** Text of many lines, in the order it has, as it is. */
export function LongText({ text }: { readonly text: string }) {
  return (
    <pre>
      {text.split('\n').map((line, index) => (
        <>
          {index > 0 && '\n'}
          <ShownText key={index} text={line} max={100_000} />
        </>
      ))}
    </pre>
  )
}
