// The viewer's data as JSON: what the page asks for, checked, and answered from a source.
import { deliveryStatuses } from '../view/status-counts.ts'
import type { ViewSource } from '../view/view-source.ts'
import type { EventQuery } from '../../recorded/recorded-event.ts'
import type { InspectServer } from './inspect-server.ts'
import { jsonReply, textReply } from './reply.ts'
import type { Reply } from './reply.ts'

const mostRows = 500
const longestText = 200

/** Mounts what the page reads of `source`. */
export function mountViewRoutes(server: InspectServer, source: ViewSource): void {
  server.route('/api/overview', (query) => answer(query, (seq) => source.overview(seq)))
  server.route('/api/deliveries', (query) => answer(query, (seq) => source.deliveries(readEventQuery(query), seq)))
  server.route('/api/delivery', (query) => answer(query, (seq) => source.delivery(query.get('id') ?? '', seq)))
  server.route('/api/endpoint', (query) => answer(query, (seq) => source.endpoint(query.get('id') ?? '', seq)))
  server.route('/api/outline', (query) => answer(query, () => source.outline()))
  server.stream('/api/changes', (client) => {
    const end = source.onChange((seq) => client.send('changed', String(seq)))
    client.onLeft(end)
  })
}

/** `null` for what there is not, or was not yet; 400 for a moment that is none. */
function answer(query: URLSearchParams, read: (seq: number | null) => unknown): Reply {
  const at = query.get('at')
  const seq = at === null ? null : Number(at)
  if (seq !== null && (at === '' || !Number.isSafeInteger(seq) || seq < 0)) {
    return textReply(400, 'at must be the number of a record')
  }
  return jsonReply(read(seq))
}

/** What cannot be understood is left out: the page never sends it. */
function readEventQuery(query: URLSearchParams): EventQuery {
  const limit = Number(query.get('limit') ?? 100)
  const status = deliveryStatuses.find((known) => known === query.get('status'))
  return {
    endpointId: query.get('endpoint') ?? undefined,
    status,
    text: query.get('text')?.slice(0, longestText),
    after: query.get('after') ?? undefined,
    limit: Number.isInteger(limit) ? Math.min(Math.max(limit, 1), mostRows) : 100,
  }
}
