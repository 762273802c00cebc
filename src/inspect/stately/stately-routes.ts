import type { InspectServer } from '../server/inspect-server.ts'
import type { StreamClient } from '../server/stream-client.ts'
import { bridgePage, bridgePolicy, bridgeScript, bridgeStyle } from './bridge-page.ts'
import type { StatelyStats } from './feed-counts.ts'
import type { StatelyFeed } from './stately-feed.ts'
import { streamTo } from './viewer-stream.ts'
import type { Viewer } from './viewer-stream.ts'
import { acceptSockets } from './web-socket.ts'
import type { SocketPackage } from './web-socket.ts'

/** The Stately inspector's side of an inspector. */
export interface StatelyInspection {
  /** The page to open in a browser: `http://127.0.0.1:PORT/stately`. */
  readonly url: string
  /**
   * For programs: a WebSocket that sends what `createWebSocketReceiver` of `@statelyai/inspect` takes. Null where the
   * package `ws` is not to be had, which `@statelyai/inspect` brings along.
   */
  readonly socketUrl: string | null
  readonly stats: StatelyStats
}

/** How many WebSocket viewers may be connected at once. */
const socketLimit = 16

/** Serves a feed: the page around the hosted inspector at `/stately`, and the messages themselves. */
export function serveStately(
  server: InspectServer,
  feed: StatelyFeed,
  socketPackage: SocketPackage | null,
): StatelyInspection {
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

  if (socketPackage !== null) {
    let sockets = 0
    const accept = acceptSockets(socketPackage, (viewer) => {
      sockets += 1
      viewer.onLeft(() => (sockets -= 1))
      begin(viewer, 0)
    })
    server.upgrade('/stately/ws', (request, connection, head) => {
      if (sockets < socketLimit) accept(request, connection, head)
      else connection.destroy()
    })
  }
  return {
    url: `${server.url}/stately`,
    socketUrl: socketPackage && `ws://127.0.0.1:${server.port}/stately/ws`,
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
