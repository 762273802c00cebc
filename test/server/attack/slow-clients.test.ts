import { once } from 'node:events'
import { expect, test } from 'vitest'
import { exchange } from '../start-server.ts'
import { attackedServer } from './attacked-server.ts'

const head = 'POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

test('cuts off many who send their headers or bodies byte by byte, and serves others meanwhile', async () => {
  const limits = { headersTimeoutMs: 300, requestTimeoutMs: 600 }
  const { open, expectSound } = await attackedServer({ limits })
  const cutOff = []
  for (let count = 0; count < 100; count += 1) {
    const slow = await open()
    slow.resume()
    cutOff.push(once(slow, 'close'))
    slow.write(count % 2 === 0 ? 'GET / HTTP/1.1\r\nX-A: ' : `${head}Content-Length: 1000\r\n\r\n`)
    // A byte for each that opens after it: never silent, never done.
    slow.write('a')
  }
  await expectSound()
  await Promise.all(cutOff)
  await expectSound()
})

test('keeps what one stream that never reads is owed within its bound, and delivers meanwhile', async () => {
  const { open, service, receiver, expectSound } = await attackedServer({
    stream: { bufferedBytes: 65_536 },
  })
  const deaf = await open()
  deaf.write('GET /api/v1/deliveries/stream HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(deaf, 'readable')
  const id = service.registerEndpoint(`${receiver.url}/many`, 'a shared secret', { ordering: 'none', concurrency: 20 })
  const before = process.memoryUsage().heapUsed
  for (let count = 0; count < 400; count += 1) service.submitEvent(id, 'a', { count })
  await receiver.waitUntil(() => receiver.received >= 400)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000)
  await expectSound()
})

test('refuses streams over their number, and counts those that have gone no longer', async () => {
  const { url, open, port, expectSound } = await attackedServer({ stream: { clients: 2 } })
  const streams = [await open(), await open()]
  for (const stream of streams) {
    stream.write('GET /api/v1/deliveries/stream HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(stream, 'data')
  }
  const ask = 'GET /api/v1/deliveries/stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
  expect(await exchange(port, ask)).toMatch(/^HTTP\/1\.1 503 [^]*TOO_MANY_STREAMS/)
  for (const stream of streams) stream.destroy()
  let status = 503
  while (status === 503) {
    const answer = await fetch(`${url}/api/v1/deliveries/stream`)
    status = answer.status
    await answer.body?.cancel()
  }
  expect(status).toBe(200)
  await expectSound()
})
