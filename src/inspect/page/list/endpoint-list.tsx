import type { EndpointRow, Overview } from '../../view/view-source.ts'
import { formatCount } from '../text/format-time.ts'
import { ShownText } from '../text/shown-text.tsx'

export interface EndpointListProps {
  readonly overview: Overview
  readonly selected: string | null
  readonly onSelect: (endpointId: string | null) => void
}

/** The endpoints, those in trouble first. Choosing one shows only its deliveries. */
export function EndpointList({ overview: { endpoints, moreEndpoints }, selected, onSelect }: EndpointListProps) {
  return (
    <details class="endpoints" open>
      <summary>
        Endpoints <span class="count">{formatCount(endpoints.length + moreEndpoints)}</span>
      </summary>
      <ul>
        {endpoints.map((endpoint) => (
          <Endpoint
            key={endpoint.endpointId}
            endpoint={endpoint}
            pressed={endpoint.endpointId === selected}
            onSelect={onSelect}
          />
        ))}
      </ul>
      {moreEndpoints > 0 && <p class="note">and {formatCount(moreEndpoints)} more, none of them in more trouble</p>}
    </details>
  )
}

interface EndpointProps {
  readonly endpoint: EndpointRow
  readonly pressed: boolean
  readonly onSelect: EndpointListProps['onSelect']
}

function Endpoint({ endpoint, pressed, onSelect }: EndpointProps) {
  const { endpointId, url, state, breaker, events } = endpoint
  const open = events.pending + events.delivering + events.backoff
  const trouble = troubleOf(endpoint)
  return (
    <li>
      <button
        type="button"
        class="endpoint"
        aria-pressed={pressed}
        data-state={state}
        data-breaker={breaker}
        title={url ?? endpointId}
        onClick={() => onSelect(pressed ? null : endpointId)}
      >
        <span class="name">
          <ShownText text={url === null ? endpointId : withoutScheme(url)} max={120} />
        </span>
        {trouble !== null && <span class={`tag ${trouble.tone}`}>{trouble.text}</span>}
        <span class="count">{open === 0 ? '' : `${formatCount(open)} open`}</span>
      </button>
    </li>
  )
}

/** What of an endpoint's health is worth a word; null when it is well. */
function troubleOf({ state, breaker }: EndpointRow): { text: string; tone: 'bad' | 'warn' } | null {
  if (state === 'disabled' || state === 'removed') return { text: state, tone: 'bad' }
  if (state === 'paused') return { text: 'paused', tone: 'warn' }
  if (breaker === 'open') return { text: 'breaker open', tone: 'bad' }
  if (breaker === 'halfOpen') return { text: 'breaker half open', tone: 'warn' }
  return state === 'active' ? null : { text: 'failing', tone: 'warn' }
}

function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, '')
}
