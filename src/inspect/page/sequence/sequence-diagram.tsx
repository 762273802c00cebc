import type { DeliveryView } from '../../view/view-source.ts'
import { ShownText } from '../text/shown-text.tsx'
import { formatClock } from '../text/format-time.ts'
import { messagesOf } from './messages.ts'
import type { Lifeline, Message } from './messages.ts'

/** How many messages are drawn; the newest. */
const drawnMessages = 200

const names: Readonly<Record<Lifeline, string>> = { line: 'line', delivery: 'delivery', endpoint: 'endpoint' }
const columns: Readonly<Record<Lifeline, number>> = { line: 1, delivery: 2, endpoint: 3 }

/** What passed between the line, the delivery and the endpoint, in order. */
export function SequenceDiagram({ delivery }: { readonly delivery: DeliveryView }) {
  const messages = messagesOf(delivery.records)
  const drawn = messages.slice(-drawnMessages)
  return (
    <div class="sequence">
      <div class="heads">
        <Head of="line">{delivery.row.laneKey === '' ? null : <ShownText text={delivery.row.laneKey} max={40} />}</Head>
        <Head of="delivery">
          <ShownText text={delivery.row.eventId} max={40} />
        </Head>
        <Head of="endpoint">
          <ShownText text={delivery.endpoint?.url ?? delivery.row.endpointId} max={60} />
        </Head>
      </div>
      {drawn.length < messages.length && (
        <p class="note">{messages.length - drawn.length} earlier steps are not drawn</p>
      )}
      <ol class="messages">
        {drawn.map((message, index) => (
          <MessageView key={index} message={message} />
        ))}
      </ol>
    </div>
  )
}

function Head({ of, children }: { readonly of: Lifeline; readonly children: preact.ComponentChildren }) {
  return (
    <div class="head">
      <b>{names[of]}</b>
      <span>{children}</span>
    </div>
  )
}

function MessageView({ message: { from, to, text, tone, at } }: { readonly message: Message }) {
  const [left, right] = [Math.min(columns[from], columns[to]), Math.max(columns[from], columns[to])]
  const way = from === to ? 'self' : columns[from] < columns[to] ? 'right' : 'left'
  return (
    <li class="message">
      <time dateTime={at}>{formatClock(at)}</time>
      <div class="lanes">
        <span class={`arrow ${way} ${tone} span-${left}-${right}`}>
          <span class="visually-hidden">
            {names[from]} to {names[to]}:{' '}
          </span>
          <ShownText text={text} />
        </span>
      </div>
    </li>
  )
}
