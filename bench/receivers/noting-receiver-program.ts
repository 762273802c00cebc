// The program of a receiver that notes when the first byte of each request came, by the number in its payload. `/arrivals`
// tells what it noted since it was last asked.
import { createServer } from 'node:http'
import { monotonicNanos } from '../measure/monotonic-nanos.ts'

const numberInPayload = /"id":"pay_(\d+)"/

let arrivals: (readonly [number, number])[] = []

const server = createServer((request, response) => {
  const atNanos = monotonicNanos()
  if (request.method !== 'POST') {
    response.end(JSON.stringify(arrivals))
    arrivals = []
    return
  }
  let body = ''
  request.setEncoding('latin1').on('data', (text: string) => (body += text))
  request.on('end', () => {
    arrivals.push([Number(numberInPayload.exec(body)?.[1]), atNanos])
    response.end()
  })
})
server.keepAliveTimeout = 0
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 })
