// Runs inside a folder where the packed hookline is installed, under each Node that hookline promises to run on.
// Plain JavaScript, and only what Node 18.17 knows.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const manifest = require('hookline/package.json')
const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json')

for (const entry of entries) {
  const name = entry.replace('.', manifest.name)
  const imported = Object.keys(await import(name)).sort()
  const required = Object.keys(require(name)).sort()
  assert.ok(imported.length > 0, `${name} exports nothing`)
  assert.deepEqual(required, imported, `${name} exports something else to require than to import`)
}

await deliverOne('import', await import('hookline'))
await deliverOne('require', require('hookline'))
console.log(`Node ${process.versions.node}: ${entries.join(' ')} load and deliver by import and by require`)

/** Creates a service, delivers one event to a real server, and shuts down. */
async function deliverOne(form, { createWebhookService }) {
  const secret = 'a secret of the smoke test'
  const received = []
  const server = createServer((request, response) => {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  const service = createWebhookService()
  const endpointId = service.registerEndpoint(`http://127.0.0.1:${server.address().port}/hooks`, secret)
  const eventId = service.submitEvent(endpointId, 'order.paid', { total: 12 })
  await service.drain()
  const { status, attempts } = service.getEventStatus(eventId)
  await service.shutdown()
  server.close()

  assert.deepEqual({ form, status, attempts }, { form, status: 'delivered', attempts: 1 })
  assert.equal(received.length, 1)
  const [{ headers, body }] = received
  assert.equal(body, '{"total":12}')
  assert.equal(headers['x-signature'], createHmac('sha256', secret).update(body).digest('hex'))
  assert.equal(headers['user-agent'], `hookline/${manifest.version}`)
}
