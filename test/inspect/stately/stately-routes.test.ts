import { createHash } from 'node:crypto'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { createBrowserReceiver, createWebSocketReceiver } from '@statelyai/inspect'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { InspectServer } from '../../../src/inspect/server/inspect-server.ts'
import { loadSockets } from '../../../src/inspect/stately/web-socket.ts'
import { serveStately } from '../../../src/inspect/stately/stately-routes.ts'
import type { StatelyInspection } from '../../../src/inspect/stately/stately-routes.ts'
import { rawRequest } from '../server/raw-request.ts'
import { caughtUp, startWatchedEngine } from './watched-engine.ts'
import type { WatchedEngine } from './watched-engine.ts'
import { Watcher } from './watcher.ts'
import type { Message } from './watcher.ts'

let engine: WatchedEngine
let server: InspectServer
let inspection: StatelyInspection

beforeEach(async () => {
  engine = startWatchedEngine({ maxEventsPerSecond: 100_000 })
  server = await InspectServer.start({ keepsProcess: false })
  onTestFinished(() => server.close())
  inspection = serveStately(server, engine.feed, await loadSockets())
})

const deliver = async (events: number): Promise<void> => {
  const endpointId = engine.register()
  for (let event = 0; event < events; event += 1) engine.service.submitEvent(endpointId, 'payment', event)
  await engine.clock.advance(0)
  await caughtUp(engine.feed)
}

/** Resolves when a watcher has seen an event delivered. */
const delivered = async (watcher: Watcher, eventId: string): Promise<void> => {
  await expect.poll(() => watcher.named(eventId)[0]?.states.at(-1), { interval: 5, timeout: 5000 }).toBe('delivered')
}

/** A stream of server-sent events, read until the test is over. */
function readStream(
  path: string,
  take: (message: Message) => void,
): Promise<{ numbers: number[]; response: IncomingMessage }> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port: server.port, path, agent: false }, (response) => {
      const numbers: number[] = []
      let text = ''
      response.on('error', () => undefined)
      response.on('data', (chunk: Buffer) => {
        const parts = (text + chunk.toString()).split('\n\n')
        text = parts.pop()!
        for (const part of parts) {
          const data = /^data: (.*)$/m.exec(part)![1]!
          const { number, message } = JSON.parse(data) as { number: number; message: Message }
          numbers.push(number)
          take(message)
        }
      })
      resolve({ numbers, response })
    })
    onTestFinished(() => void request.destroy())
  })
}

describe('the official receivers', () => {
  test('get lanes and deliveries over a WebSocket, those of before and those to come', async () => {
    await deliver(2)
    const watcher = new Watcher()
    // Its types tell of XState's snapshots; what comes over the wire is JSON.
    createWebSocketReceiver({ server: inspection.socketUrl! }).subscribe((message) => watcher.take(message as Message))
    await delivered(watcher, 'evt_2')
    await deliver(1)
    await delivered(watcher, 'evt_3')
    expect(watcher.named('lane ep_1')).toHaveLength(1)
  })

  test('take every message for one of theirs', async () => {
    await deliver(3)
    const taken: unknown[] = []
    const hear: ((event: { data: unknown }) => void)[] = []
    const asked: unknown[] = []
    const parent = { postMessage: (message: unknown) => asked.push(message) }
    const page = { self: 1, top: 2, parent, addEventListener: (_: string, on: (typeof hear)[number]) => hear.push(on) }
    // The part of a window that a framed page's receiver uses.
    createBrowserReceiver({ window: page as never }).subscribe((message) => taken.push(message))
    expect(asked).toEqual([{ type: '@statelyai.connected' }])
    const sent = Array.from(engine.feed.relay.since(0), ({ text }) => JSON.parse(text) as unknown)
    for (const data of sent) for (const on of hear) on({ data })
    expect(taken).toEqual(sent)
  })
})

describe('the stream', () => {
  test('begins with everything, and goes on with what happens', async () => {
    await deliver(1)
    const watcher = new Watcher()
    const { numbers } = await readStream('/stately/stream', watcher.take)
    await delivered(watcher, 'evt_1')
    await deliver(1)
    await delivered(watcher, 'evt_2')
    expect(numbers).toEqual(numbers.map((_, place) => place + 1))
  })

  test('goes on after the message that a viewer names', async () => {
    await deliver(1)
    const { numbers } = await readStream('/stately/stream?after=10', () => undefined)
    await expect.poll(() => numbers[0]).toBe(11)
  })

  test('tells a viewer that reads slowly every actor there is, and its state, when it reads at last', async () => {
    const watcher = new Watcher()
    const { response } = await readStream('/stately/stream', watcher.take)
    response.pause()
    for (let round = 0; round < 20; round += 1) await deliver(30)
    response.resume()
    await delivered(watcher, 'evt_600')
    expect(inspection.stats.failures).toBe(0)
  })
})

describe('who may look', () => {
  const foreign = { origin: 'https://evil.example' }

  test.each(['/stately', '/stately/stream', '/stately/bridge.js'])(
    'no page of another site may read %s',
    async (path) => {
      expect((await rawRequest(server.port, { path, headers: foreign })).status).toBe(403)
      const rebound = { host: `evil.example:${server.port}` }
      expect((await rawRequest(server.port, { path, headers: rebound })).status).toBe(403)
    },
  )

  const shakeHands = (headers: Readonly<Record<string, string>>) =>
    new Promise<string>((resolve) => {
      const socket = connect(server.port, '127.0.0.1')
      const lines = Object.entries({ Connection: 'Upgrade', Upgrade: 'websocket', ...headers })
      socket.once('data', (chunk) => {
        resolve(chunk.toString('latin1').split('\r\n\r\n')[0]!)
        socket.destroy()
      })
      socket.once('close', () => resolve('closed'))
      socket.write(`GET /stately/ws HTTP/1.1\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}\r\n`)
    })
  const key = { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version': '13' }

  test('a program of this machine may open a WebSocket, a page of another site may not', async () => {
    const host = `127.0.0.1:${server.port}`
    const accept = createHash('sha1').update(`${key['Sec-WebSocket-Key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    expect(await shakeHands({ Host: host, ...key })).toContain(`Sec-WebSocket-Accept: ${accept.digest('base64')}`)
    expect(await shakeHands({ Host: host, ...key, Origin: 'https://evil.example' })).toContain('403')
    expect(await shakeHands({ Host: 'evil.example', ...key })).toContain('403')
  })

  test('a ping is answered, and a close with a close', async () => {
    const socket = connect(server.port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    const lines = Object.entries({
      Host: `127.0.0.1:${server.port}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      ...key,
    })
    socket.write(`GET /stately/ws HTTP/1.1\r\n${lines.map((line) => `${line.join(': ')}\r\n`).join('')}\r\n`)
    const mask = [0, 0, 0, 0]
    socket.write(Buffer.from([0x89, 0x82, ...mask, 0x68, 0x69, 0x88, 0x80, ...mask]))
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    const answer = Buffer.concat(chunks)
    const frames = answer.subarray(answer.indexOf('\r\n\r\n') + 4)
    expect([...frames]).toEqual([0x8a, 2, 0x68, 0x69, 0x88, 0])
  })

  test('a handshake of another version is not completed', async () => {
    const host = `127.0.0.1:${server.port}`
    expect(await shakeHands({ Host: host, ...key, 'Sec-WebSocket-Version': '7' })).toContain('400 Bad Request')
  })
})

test('the page may frame the inspector it names, and no other', async () => {
  const { status, headers, body } = await rawRequest(server.port, { path: '/stately' })
  expect(status).toBe(200)
  expect(headers['content-security-policy']).toContain('frame-src https://stately.ai;')
  expect(headers['content-security-policy']).not.toContain('unsafe')
  expect(body).toContain('src="https://stately.ai/inspect"')
})

test('an address cannot become markup', async () => {
  const other = await InspectServer.start({ keepsProcess: false })
  onTestFinished(() => other.close())
  serveStately(
    other,
    { ...engine.feed, page: new URL('https://inspector.example/?a="><script>alert(1)</script>&b') },
    null,
  )
  const { body } = await rawRequest(other.port, { path: '/stately' })
  expect(body).not.toContain('<script>alert')
})
