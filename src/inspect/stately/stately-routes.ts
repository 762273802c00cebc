import type { InspectServer } from '../server/inspect-server.ts'
import type { StreamClient } from '../server/stream-client.ts'
import { bridgePage, bridgePolicy, bridgeScript, bridgeStyle } from './bridge-page.ts'
import type { StatelyStats } from './feed-counts.ts'
import type { StatelyFeed } from './stately-feed.ts'
import { streamTo } from './viewer-stream.ts'
import type { Viewer } from './viewer-stream.ts'
import { acceptSocket } from './web-socket.ts'

/** The Stately inspector's side of an inspector. */
export interface StatelyInspection {
  /** The page to open in a browser: `http://127.0.0.1:PORT/stately`. */
  readonly url: string
  /** For programs: a WebSocket that sends what `createWebSocketReceiver` of `@statelyai/inspect` takes. */
  readonly socketUrl: string
  readonly stats: StatelyStats
}

/** How many WebSocket viewers may be connected at once. */
const socketLimit = 16

/** Serves a feed: the page around the hosted inspector at `/stately`, and the messages themselves. */
export function serveStately(server: InspectServer, feed: StatelyFeed): StatelyInspection {
  const { page: inspector } = feed
  const page = { type: 'text/html; charset=utf-8', body: bridgePage(inspector), policy: bridgePolicy(inspector) }
  server.route('/stately', () => page)
  server.route('/stately/bridge.js', () => ({ type: 'text/javascript; charset=utf-8', body: bridgeScript }))
  server.route('/stately/bridge.css', () => ({ type: 'text/css; charset=utf-8', body: bridgeStyle }))

  const begin = (viewer: Viewer, after: number): void => {
    feed.viewerCame()
    streamTo(viewer, feed.relay, after, feed.failed)
  }
  server.stream('/stately/stream', (client, query) => begin(asViewer(client), numberOf(query.get('after'))))

  let sockets = 0
  server.upgrade('/stately/ws', (request, socket, head) => {
    const viewer = sockets < socketLimit ? acceptSocket(request, socket, head) : null
    if (viewer === null) {
      socket.destroy()
      return
    }
    sockets += 1
    viewer.onLeft(() => (sockets -= 1))
    begin(viewer, 0)
  })
  return {
    url: `${server.url}/stately`,
    socketUrl: `ws://127.0.0.1:${server.port}/stately/ws`,
    get stats() {
      return feed.stats
    },
  }
}

/** The page needs a message's number, to go on after it when the stream breaks. */
function asViewer(client: StreamClient): Viewer {
  return {
    get unreadBytes() {
      return client.unreadBytes
    },
    send: ({ number, text }) => client.send('message', `{"number":${number},"message":${text}}`),
    onRead: (callback) => client.onRead(callback),
    onLeft: (callback) => client.onLeft(callback),
  }
}

function numberOf(text: string | null): number {
  const number = Number(text)
  return Number.isSafeInteger(number) && number > 0 ? number : 0
}
