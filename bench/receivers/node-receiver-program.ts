// The program of our own receiver: every POST is read and answered 200; `/status` tells how many there were, over how many
// connections.
import { createServer } from 'node:http'

let requests = 0
/** Those that carried a POST. */
const carriers = new WeakSet()
let connections = 0

const server = createServer((request, response) => {
  request.resume()
  if (request.method === 'POST') {
    requests += 1
    if (!carriers.has(request.socket)) {
      carriers.add(request.socket)
      connections += 1
    }
    response.end()
  } else {
    response.end(JSON.stringify({ requests, connections }))
  }
})
server.keepAliveTimeout = 0
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 })
