import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { verifySignature } from '../src/verify/index.ts'

const port = Number(process.argv[2] ?? 3000)
const secret = 'a secret that only the shop and you know'
const handled = new Set() // in a database, in earnest

const server = createServer((request, response) => {
  buffer(request).then(
    (body) => {
      const { headers } = request
      if (!verifySignature({ secret, headers, body })) return response.writeHead(401).end()
      const id = headers['webhook-id'] // the same on every attempt: an event may come more than once
      if (!handled.has(id)) console.log(headers['x-event-sequence'], headers['x-event-type'], body.toString())
      handled.add(id)
      return response.writeHead(204).end()
    },
    () => response.destroy(), // the sender broke off
  )
})
server.listen(port, '127.0.0.1', () => console.log('listening on', server.address()))
