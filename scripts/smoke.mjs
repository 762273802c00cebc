// Runs inside a folder where the packed hookline is installed, under each Node that hookline promises to run on.
// Plain JavaScript, and only what Node 18.17 knows.
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
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
await lookInto('import', await import('hookline'), await import('hookline/inspect'))
await lookInto('require', require('hookline'), require('hookline/inspect'))
await keepInFile('import', await import('hookline'), await import('hookline/sqlite'))
await keepInFile('require', require('hookline'), require('hookline/sqlite'))
await serve('import', await import('hookline'), await import('hookline/server'))
await serve('require', require('hookline'), require('hookline/server'))
const runsProgram = Number(process.versions.node.split('.')[0]) >= 20
if (runsProgram) runProgram()
console.log(
  `Node ${process.versions.node}: ${entries.join(' ')} load, deliver and show a log by import and by require` +
    (runsProgram ? '; the program hookline runs' : ''),
)

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

/**
 * Keeps a log in a file, and finds what was delivered there when it is opened again. Where Node has no SQLite of its own, and
 * better-sqlite3 is not installed, the error says what to install.
 */
async function keepInFile(form, { createWebhookService }, { sqliteLog }) {
  const file = `${form}.db`
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 22 || (major === 22 && minor < 13)) {
    assert.throws(() => sqliteLog(file), { code: 'MISSING_DEPENDENCY', message: /npm install better-sqlite3/ })
    return
  }
  const server = createServer((request, response) => request.resume().on('end', () => response.end()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const service = createWebhookService({ log: sqliteLog(file) })
  const url = `http://127.0.0.1:${server.address().port}/`
  const endpointId = service.registerEndpoint(url, 'a secret of the smoke test')
  const eventId = service.submitEvent(endpointId, 'order.paid', { total: 12 })
  await service.drain()
  await service.shutdown()
  server.close()

  const next = createWebhookService({ log: sqliteLog(file) })
  const { status, attempts } = next.getEventStatus(eventId)
  await next.shutdown()
  rmSync(file)
  assert.deepEqual({ form, status, attempts }, { form, status: 'delivered', attempts: 1 })
}

/** Says in one line what to install: none of the server's packages is there. */
async function serve(form, { createWebhookService }, { createServer }) {
  const service = createWebhookService()
  const server = createServer(service)
  const message = /`npm install fastify @fastify\/swagger typebox prom-client`/
  await assert.rejects(server.listen(), { code: 'MISSING_DEPENDENCY', message }, form)
  await server.close()
  await service.shutdown()
}

/** Serves the viewer of a service and of its log, without the package of the Stately inspector. */
async function lookInto(form, { createWebhookService, exportJsonl }, { attachInspector, inspectLogFile }) {
  const service = createWebhookService()
  const endpointId = service.registerEndpoint('http://127.0.0.1:9/', 'a secret of the smoke test')
  service.pauseEndpoint(endpointId)
  const eventId = service.submitEvent(endpointId, 'order.paid', { total: 12 })
  writeFileSync('log.jsonl', `${[...exportJsonl(service.log)].join('\n')}\n`)

  for (const inspector of [await attachInspector(service), await inspectLogFile('log.jsonl')]) {
    const read = async (path) => (await globalThis.fetch(new globalThis.URL(path, inspector.url))).text()
    assert.match(await read('/'), /viewer\.js/)
    assert.match(await read('/viewer.js'), /EventSource/)
    assert.match(await read('/delivery.svg'), /data-state="backoff"/)
    const { row } = JSON.parse(await read(`/api/delivery?id=${eventId}`))
    assert.deepEqual(
      { form, status: row.status, stately: inspector.stately },
      { form, status: 'pending', stately: null },
    )
    await inspector.close()
  }
  await assert.rejects(attachInspector(service, { stately: true }), { code: 'MISSING_DEPENDENCY' })
  await service.shutdown()
}

/** The program as installed: what it prints, and its exit codes. It reads the log that `lookInto` has written. */
function runProgram() {
  const program = require.resolve('hookline/package.json').replace('package.json', manifest.bin.hookline)
  const run = (...args) => execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' })
  assert.equal(run('--version').trim(), manifest.version)
  const { summary, problem } = JSON.parse(run('replay', 'log.jsonl', '--json'))
  assert.deepEqual({ records: summary.records, problem }, { records: 2, problem: null })
  assert.match(run('diagram', 'delivery', '--format', 'svg'), /^<svg[^]*<\/svg>\s*$/)
  assert.match(run('simulate', '--seed', '1'), /promises +all kept/)
  assert.equal(spawnSync(process.execPath, [program, 'no-such-command']).status, 2)
}
