import type { DeliveryView } from '../../view/view-source.ts'
import { formatMoment } from '../text/format-time.ts'
import { ShownText } from '../text/shown-text.tsx'
import { StatusBadge } from '../text/status-mark.tsx'
import { DeliveryLink } from './delivery-link.tsx'

/** Which delivery it is, and in a sentence why it is where it is. */
export function DeliveryHeader({ delivery, seq }: { readonly delivery: DeliveryView; readonly seq: number | null }) {
  const { row, endpoint, explanation, left } = delivery
  return (
    <header class="delivery-header">
      <div class="title">
        <h1>
          <ShownText text={row.eventType} />
        </h1>
        <StatusBadge status={row.status} />
      </div>
      <p class={`explanation ${row.status}`} role="status">
        {explanation === null ? null : <ShownText text={sentence(explanation.text)} max={2000} />}
        {explanation?.behind && (
          <>
            {' '}
            <DeliveryLink eventId={explanation.behind.eventId} seq={seq}>
              Open the one it waits for
            </DeliveryLink>
          </>
        )}
      </p>
      <dl class="facts">
        <Fact name="Event">
          <code>
            <ShownText text={row.eventId} />
          </code>
        </Fact>
        <Fact name="Endpoint">
          <ShownText text={endpoint?.url ?? row.endpointId} />
        </Fact>
        <Fact name="Submitted">
          <time dateTime={row.submittedAt}>{formatMoment(row.submittedAt)}</time>
        </Fact>
        <Fact name="Attempts">
          {row.attempts}, {left} left
        </Fact>
        <Fact name="Sequence">{row.sequence}</Fact>
        {row.orderingKey !== null && (
          <Fact name="Ordering key">
            <ShownText text={row.orderingKey} />
          </Fact>
        )}
      </dl>
    </header>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}
