// The program of our own receiver: every POST is read and answered 200; `/status` tells how many there were.
import { createServer } from 'node:http'

let served = 0

const server = createServer((request, response) => {
  request.resume()
  if (request.method === 'POST') {
    served += 1
    response.end()
  } else {
    response.end(String(served))
  }
})
server.keepAliveTimeout = 0
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 })
