import { useEffect, useRef, useState } from 'preact/hooks'
import type { DeliveryRow } from '../../view/view-source.ts'
import { ShownText } from '../text/shown-text.tsx'
import { formatClock } from '../text/format-time.ts'
import { StatusMark, statusNames } from '../text/status-mark.tsx'
import type { DeliveryList } from './use-delivery-list.ts'

export interface DeliveryListProps {
  readonly list: DeliveryList
  readonly selected: string | null
  readonly onSelect: (eventId: string, how?: 'replace') => void
}

/** Every row is as high as this: the list only draws those that can be seen. */
const rowHeight = 52
const spare = 6

const moves: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  j: 1,
  ArrowUp: -1,
  k: -1,
  PageDown: 10,
  PageUp: -10,
  Home: -Infinity,
  End: Infinity,
}

/** However long the list, only what is in sight is in the page. */
export function DeliveryListBox({ list: { rows, more, known, loadMore }, selected, onSelect }: DeliveryListProps) {
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 800 })
  const chosen = rows.findIndex(({ eventId }) => eventId === selected)
  const first = Math.max(0, Math.floor(view.top / rowHeight) - spare)
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + spare)

  const measure = (): void => {
    const { scrollTop = 0, clientHeight = 0 } = box.current ?? {}
    setView({ top: scrollTop, height: clientHeight })
  }
  useEffect(() => {
    measure()
    addEventListener('resize', measure)
    return () => removeEventListener('resize', measure)
  }, [])
  useEffect(() => {
    if (more && last >= rows.length - spare) loadMore()
  }, [last, rows.length, more])

  // A delivery that was opened elsewhere, by a link, is shown in the list too.
  useEffect(() => {
    if (chosen !== -1) reveal(box.current, chosen)
  }, [selected, chosen === -1])

  const move = (event: KeyboardEvent): void => {
    const by = moves[event.key]
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const next = Math.min(Math.max(chosen === -1 ? 0 : chosen + by, 0), rows.length - 1)
    const row = rows[next]
    if (row === undefined) return
    onSelect(row.eventId, 'replace')
  }

  return (
    <div
      class="deliveries"
      role="listbox"
      aria-label="Deliveries"
      tabIndex={0}
      ref={box}
      onScroll={measure}
      onKeyDown={move}
      aria-activedescendant={chosen >= first && chosen < last ? `row-${chosen}` : undefined}
    >
      {known && rows.length === 0 && <p class="empty">No delivery fits.</p>}
      <div class="canvas" style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(first, last).map((row, index) => (
          <Row
            key={row.eventId}
            row={row}
            place={first + index}
            size={more ? -1 : rows.length}
            selected={row.eventId === selected}
            onSelect={onSelect}
          />
        ))}
      </div>
    </div>
  )
}

interface RowProps {
  readonly row: DeliveryRow
  readonly place: number
  readonly size: number
  readonly selected: boolean
  readonly onSelect: DeliveryListProps['onSelect']
}

function Row({ row, place, size, selected, onSelect }: RowProps) {
  const { eventId, eventType, status, attempts, lastAt } = row
  return (
    <div
      id={`row-${place}`}
      class="delivery"
      role="option"
      aria-selected={selected}
      aria-posinset={place + 1}
      aria-setsize={size}
      data-event={eventId}
      data-status={status}
      style={{ top: `${place * rowHeight}px` }}
      onClick={() => onSelect(eventId)}
    >
      <StatusMark status={status} />
      <span class="type">
        <ShownText text={eventType} max={80} />
      </span>
      <time dateTime={lastAt}>{formatClock(lastAt).slice(0, 8)}</time>
      <span class="id">
        <ShownText text={eventId} max={60} />
      </span>
      <span class="facts">
        <span class="visually-hidden">{statusNames[status]}, </span>
        {attempts === 0 ? 'not tried' : attempts === 1 ? '1 attempt' : `${attempts} attempts`}
      </span>
    </div>
  )
}

function reveal(box: HTMLElement | null, place: number): void {
  if (box === null) return
  const [top, bottom] = [place * rowHeight, (place + 1) * rowHeight]
  if (top < box.scrollTop) box.scrollTop = top
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight
}
