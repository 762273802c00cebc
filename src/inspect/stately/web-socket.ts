// The server's side of RFC 6455, as far as someone needs it who only sends: text goes out; what comes in is skipped,
// but for a ping, which is answered, and a close, which is returned.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { readClientFrames } from './client-frames.ts'
import type { Viewer } from './viewer-stream.ts'

const handshakeSalt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const opcode = { text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const

/** What a viewer may leave unread before it is dropped. */
const longestUnreadBytes = 1024 * 1024

/** Completes the handshake. Null when the request asks for no WebSocket of this version. */
export function acceptSocket(request: IncomingMessage, socket: Duplex, head: Buffer): Viewer | null {
  const { upgrade, 'sec-websocket-key': key, 'sec-websocket-version': version } = request.headers
  if (upgrade?.toLowerCase() !== 'websocket' || key === undefined || version !== '13') return null
  const accept = createHash('sha1').update(`${key}${handshakeSalt}`).digest('base64')
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  socket.write(`${lines.join('\r\n')}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
  obey(socket, head)
  return viewerOn(socket)
}

function viewerOn(socket: Duplex): Viewer {
  return {
    get unreadBytes() {
      return socket.writableLength
    },
    send({ text }) {
      if (!socket.writable) return false
      socket.write(frameOf(opcode.text, Buffer.from(text)))
      if (socket.writableLength <= longestUnreadBytes) return true
      socket.destroy()
      return false
    },
    onRead(callback) {
      socket.once('drain', callback)
    },
    onLeft(callback) {
      socket.once('close', callback)
    },
  }
}

function obey(socket: Duplex, head: Buffer): void {
  const read = readClientFrames((code, payload) => {
    if (code === opcode.ping) socket.write(frameOf(opcode.pong, payload))
    if (code === opcode.close) socket.end(frameOf(opcode.close, payload.subarray(0, 2)))
  })
  const hear = (chunk: Buffer): void => {
    if (socket.writable && !read(chunk)) socket.destroy()
  }
  socket.on('data', hear)
  socket.on('end', () => socket.end())
  if (head.length > 0) hear(head)
}

/** A whole message in one frame; a server's frames are not masked. */
function frameOf(code: number, payload: Buffer): Buffer {
  const { length } = payload
  const start = Buffer.from([0x80 | code])
  if (length < 126) return Buffer.concat([start, Buffer.from([length]), payload])
  if (length < 0x10000) {
    const size = Buffer.from([126, 0, 0])
    size.writeUInt16BE(length, 1)
    return Buffer.concat([start, size, payload])
  }
  const size = Buffer.alloc(9)
  size[0] = 127
  size.writeBigUInt64BE(BigInt(length), 1)
  return Buffer.concat([start, size, payload])
}
