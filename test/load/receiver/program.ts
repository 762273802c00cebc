// The receiver's process: takes every request, and holds each against what must have been sent.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { verifySignature } from '../../../src/verify/index.ts'
import { machineMs } from '../machine-ms.ts'
import { numberIn, payloadText, secretOf } from '../event-text.ts'
import type { Arrival, ReceiverOrder, ReceiverReply } from './message.ts'

let arrivals: Arrival[] = []
let numbers = new Set<number | null>()

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const arrival = arrivalOf(Number(request.url?.slice(1)), request.headers, Buffer.concat(chunks).toString())
    arrivals.push(arrival)
    numbers.add(arrival.number)
    response.end()
  })
})
server.keepAliveTimeout = 60_000

function arrivalOf(endpoint: number, headers: IncomingHttpHeaders, body: string): Arrival {
  const number = numberIn(body)
  return {
    endpoint,
    number,
    eventId: String(headers['x-event-id']),
    sequence: Number(headers['x-event-sequence']),
    atMs: machineMs(),
    bytesRight: number !== null && body === payloadText(number),
    signatureRight: verifySignature({ secret: secretOf(endpoint), headers, body }),
  }
}

function answer(order: ReceiverOrder): ReceiverReply {
  if (order.type === 'count') return { type: 'counted', events: numbers.size }
  const taken = arrivals
  arrivals = []
  numbers = new Set()
  return { type: 'taken', arrivals: taken }
}

process.on('message', (order: ReceiverOrder) => process.send?.(answer(order)))
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  process.send?.({ type: 'listening', port } satisfies ReceiverReply)
})
