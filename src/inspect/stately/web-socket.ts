import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocketServer } from 'ws'
import type { Viewer } from './viewer-stream.ts'

/** What is used of `ws`, an optional peer dependency, which `@statelyai/inspect` brings along. */
export interface SocketPackage {
  readonly WebSocketServer: typeof WebSocketServer
}

/** Null where it is not installed. */
export async function loadSockets(): Promise<SocketPackage | null> {
  try {
    return await import('ws')
  } catch {
    return null
  }
}

/** What a viewer may leave unread before it is dropped. */
const longestUnreadBytes = 1024 * 1024

/** Who watches has nothing to say that is longer. */
const longestMessageBytes = 4096

/** Completes a connection's handshake, and hands over whoever watches through it. */
export type AcceptSocket = (request: IncomingMessage, connection: Duplex, head: Buffer) => void

/** `accepted` hears of each; a request that asks for no WebSocket is refused. */
export function acceptSockets({ WebSocketServer }: SocketPackage, accepted: (viewer: Viewer) => void): AcceptSocket {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: longestMessageBytes })
  return (request, connection, head) => {
    sockets.handleUpgrade(request, connection, head, (socket) => {
      // It closes by itself after an error, and left unheard that would end the process.
      socket.on('error', () => undefined)
      accepted({
        get unreadBytes() {
          return socket.bufferedAmount
        },
        send({ text }) {
          if (socket.readyState !== socket.OPEN) return false
          socket.send(text)
          if (socket.bufferedAmount <= longestUnreadBytes) return true
          socket.terminate()
          return false
        },
        onRead: (callback) => void connection.once('drain', callback),
        onLeft: (callback) => void socket.once('close', callback),
      })
    })
  }
}
