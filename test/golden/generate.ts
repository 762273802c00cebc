// Makes the golden logs of this version: `npx tsx test/golden/generate.ts <folder name>`. It refuses to touch a folder that
// is there: golden logs are never changed, see README.md. Ids, time and chance are fixed, so the same engine writes the
// same bytes.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { exportJsonl } from '../../src/log/jsonl.ts'
import { replay } from '../../src/replay/replay.ts'
import type { ScriptedRequest } from '../support/scripted-transport.ts'
import { createEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'

/** Each lives through some transitions; together through all there are. */
const stories: Record<string, (engine: Engine) => Promise<void>> = {
  async 'delivered-at-once'({ service, quiet, register }) {
    const endpoint = register()
    service.submitEvent(endpoint, 'order.created', { order: 'ord_1', total: '12.50', note: 'línea\u2028nueva' })
    await quiet()
  },

  async 'retried-then-delivered'({ service, transport, clock, quiet, register }) {
    const endpoint = register()
    transport.respond(({ attempt }) => [503, 'reset', 200][attempt - 1] as 503)
    service.submitEvent(endpoint, 'order.created', { n: 1 }, { idempotencyKey: 'order-1' })
    service.submitEvent(endpoint, 'order.paid', { n: 2 })
    await quiet()
    await clock.advance(60_000)
  },

  async 'refused-for-good'({ service, transport, quiet, register }) {
    const endpoint = register()
    const answers = [404, 'egress_blocked', 410, 200] as const
    transport.respond(({ sequence }) => answers[sequence - 1]!)
    for (let n = 1; n <= 4; n += 1) service.submitEvent(endpoint, 'order.created', { n })
    await quiet()
  },

  async 'dead-letters-redelivered'({ service, transport, clock, quiet, register }) {
    const endpoint = register({ body: 'envelope' })
    transport.respond(() => 500)
    const [first, second] = [1, 2].map((n) => service.submitEvent(endpoint, 'order.created', { n }))
    await clock.advance(60_000)
    transport.respond(() => 200)
    service.redeliver(second!)
    service.redeliver(first!)
    await quiet()
    service.redeliver(second!) // a delivered event, too, may be sent again
    await quiet()
  },

  async 'redelivered-from-backoff-and-failed'({ service, transport, quiet, register }) {
    const endpoint = register()
    transport.respond(() => 500)
    const event = service.submitEvent(endpoint, 'order.created', {})
    await quiet()
    transport.respond(() => 400)
    service.redeliver(event)
    await quiet()
    transport.respond(() => 200)
    service.redeliver(event)
    await quiet()
  },

  async 'a-line-that-halts'({ service, transport, clock, quiet, register }) {
    const endpoint = register({ whenExhausted: 'halt', retry: { maxAttempts: 1 } })
    transport.respond(({ sequence }) => (sequence === 1 ? 502 : 200))
    const first = service.submitEvent(endpoint, 'order.created', { n: 1 })
    service.submitEvent(endpoint, 'order.created', { n: 2 })
    await clock.advance(60_000)
    transport.respond(() => 200)
    service.redeliver(first)
    await quiet()
  },

  async 'a-halted-line-let-go'({ service, transport, clock, quiet, register }) {
    const endpoint = register({ whenExhausted: 'halt', retry: { maxAttempts: 2 }, ordering: 'none' })
    const held = register({ whenExhausted: 'halt', retry: { maxAttempts: 1 } })
    transport.respond(({ sequence }) => (sequence === 1 ? 502 : 200))
    for (const to of [endpoint, held]) {
      service.submitEvent(to, 'order.created', { n: 1 })
      service.submitEvent(to, 'order.created', { n: 2 })
    }
    await clock.advance(60_000)
    service.resumeEndpoint(endpoint)
    service.pauseEndpoint(held)
    service.resumeEndpoint(held)
    await quiet()
  },

  async 'lines-by-key'({ service, transport, clock, register }) {
    const endpoint = register({ ordering: 'key', concurrency: 2 })
    transport.respond(({ body, attempt }: ScriptedRequest) => (body.includes('"slow"') && attempt === 1 ? 503 : 200))
    for (const orderingKey of ['slow', 'quick', 'slow']) {
      service.submitEvent(endpoint, 'order.created', { orderingKey }, { orderingKey })
    }
    await clock.advance(5000)
  },

  async 'endpoint-removed'({ service, transport, quiet, register }) {
    const held = register()
    const failing = register()
    transport.respond(({ endpointId }) => (endpointId === held ? 'held' : 503))
    for (const endpoint of [held, held, failing]) service.submitEvent(endpoint, 'order.created', {})
    await quiet()
    service.removeEndpoint(held)
    service.removeEndpoint(failing)
    await quiet()
  },

  async 'left-open-by-shutdown'({ service, transport, quiet, register }) {
    const [held, failing] = [register(), register()]
    transport.respond(({ endpointId }) => (endpointId === held ? 'held' : 503))
    for (const endpoint of [held, held, failing]) service.submitEvent(endpoint, 'order.created', {})
    await quiet()
  },
}

const name = process.argv[2]
if (name === undefined) throw new Error('generate: name the folder, for example delivery@1')
const folder = new URL(`./${name}/`, import.meta.url)
if (existsSync(folder)) throw new Error(`generate: ${name} is there, and golden logs are never changed`)
mkdirSync(folder)
for (const [story, live] of Object.entries(stories)) {
  const engine = createEngine()
  await live(engine)
  await engine.stop()
  const log = [...engine.service.log.entries()]
  const states = [...replay(log).events.values()]
  writeFileSync(new URL(`${story}.jsonl`, folder), [...exportJsonl(engine.service.log), ''].join('\n'))
  writeFileSync(new URL(`${story}.states.json`, folder), `${JSON.stringify(states, null, 2)}\n`)
}
