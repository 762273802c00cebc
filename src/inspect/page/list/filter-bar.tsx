import type { RefObject } from 'preact'
import type { DeliveryStatus } from '../../../../machines/delivery.ts'
import type { StatusCounts } from '../../view/view-source.ts'
import { formatCount } from '../text/format-time.ts'
import { StatusMark, statusNames } from '../text/status-mark.tsx'
import type { Filters } from './use-delivery-list.ts'

export interface FilterBarProps {
  readonly filters: Filters
  readonly counts: StatusCounts
  readonly searchBox: RefObject<HTMLInputElement>
  readonly onChange: (change: Partial<Filters>) => void
}

const statuses = Object.keys(statusNames) as DeliveryStatus[]

export function FilterBar({ filters, counts, searchBox, onChange }: FilterBarProps) {
  return (
    <div class="filters">
      <div class="search">
        <input
          ref={searchBox}
          type="search"
          aria-label="Search deliveries by id, type or ordering key"
          aria-keyshortcuts="/"
          placeholder="Search id, type or key"
          maxLength={200}
          spellcheck={false}
          autocomplete="off"
          value={filters.text}
          onInput={(event) => onChange({ text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onChange({ text: '' })
          }}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <div class="statuses" role="group" aria-label="Show only">
        {statuses.map((status) => (
          <button
            key={status}
            type="button"
            class={`chip ${status}`}
            aria-pressed={filters.status === status}
            onClick={() => onChange({ status: filters.status === status ? null : status })}
          >
            <StatusMark status={status} />
            <span class="name">{statusNames[status]}</span>
            <span class="count">{formatCount(counts[status])}</span>
          </button>
        ))}
      </div>
    </div>
  )
}
