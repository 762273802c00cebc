import type { DeliveryView, LineMember } from '../../view/view-source.ts'
import { formatCount } from '../text/format-time.ts'
import { ShownText } from '../text/shown-text.tsx'
import { StatusMark, statusNames } from '../text/status-mark.tsx'
import { DeliveryLink } from './delivery-link.tsx'

/** The line that the event stands in: who is at its front, who holds it, and where the event is. */
export function LinePanel({ delivery, seq }: { readonly delivery: DeliveryView; readonly seq: number | null }) {
  const { line, row } = delivery
  const { haltedBy, members, place, length } = line
  return (
    <div class="line">
      <p>{summaryOf(delivery)}</p>
      <ol>
        {haltedBy !== null && (
          <li class="holder">
            <span class="place">holds</span>
            <StatusMark status={haltedBy.status} />
            <DeliveryLink eventId={haltedBy.eventId} seq={seq}>
              <ShownText text={haltedBy.eventId} max={60} />
            </DeliveryLink>
            <span class="type">
              <ShownText text={haltedBy.eventType} max={80} />
            </span>
            <span class="state">holds the line until a person decides</span>
          </li>
        )}
        {members.map((member, index) => (
          <Member
            key={member.row.eventId}
            member={member}
            gap={member.place - (members[index - 1]?.place ?? -1) - 1}
            self={member.row.eventId === row.eventId}
            seq={seq}
          />
        ))}
      </ol>
      {length > 0 && <Rest count={length - 1 - (members.at(-1)?.place ?? -1)} after={place} />}
    </div>
  )
}

interface MemberProps {
  readonly member: LineMember
  /** How many before it are not listed. */
  readonly gap: number
  readonly self: boolean
  readonly seq: number | null
}

function Member({ member: { place, row }, gap, self, seq }: MemberProps) {
  return (
    <>
      {gap > 0 && <li class="gap">… {formatCount(gap)} more …</li>}
      <li class={self ? 'self' : ''} aria-current={self ? 'true' : undefined}>
        <span class="place">{place + 1}</span>
        <StatusMark status={row.status} />
        <DeliveryLink eventId={row.eventId} seq={seq}>
          <ShownText text={row.eventId} max={60} />
        </DeliveryLink>
        <span class="type">
          <ShownText text={row.eventType} max={80} />
        </span>
        <span class="state">{statusNames[row.status].toLowerCase()}</span>
      </li>
    </>
  )
}

function Rest({ count, after }: { readonly count: number; readonly after: number | null }) {
  if (count <= 0) return null
  return (
    <p class="note">
      {formatCount(count)} more wait {after === null ? 'in it' : 'after these'}.
    </p>
  )
}

function summaryOf({ line: { length, place, laneKey }, row: { eventId } }: DeliveryView): string {
  const which = laneKey === eventId ? 'It waits for nobody: each event of its endpoint goes by itself.' : ''
  if (which !== '') return which
  if (place === null) return length === 0 ? 'Nobody waits in its line.' : `It has left its line. ${waiting(length)}`
  return place === 0
    ? `It is the first in its line. ${waiting(length)}`
    : `${waiting(length)} It is number ${place + 1}.`
}

function waiting(length: number): string {
  return length === 1 ? 'One event is in it.' : `${formatCount(length)} events are in it.`
}
