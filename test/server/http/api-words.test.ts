import { expect, test } from 'vitest'
import { ServiceClosedError } from '../../../src/index.ts'
import { inApiWords } from '../../../src/server/http/api-words.ts'
import { coreWords } from '../core-words.ts'
import { startApi } from '../routes/start-api.ts'
import type { Api, ApiAnswer } from '../routes/start-api.ts'

/** Each sends what the core refuses. */
const refusals: Readonly<Record<string, (api: Api) => Promise<ApiAnswer[]>>> = {
  async 'a disabled webhook, alone and in an array'(api) {
    const [disabled, other] = [await api.webhook(), await api.webhook()]
    api.receiver.respond(410)
    const { json } = await api.call('POST', '/events', { endpointId: disabled, eventType: 'a', payload: 1 })
    await api.settled(json.events[0]!.eventId)
    const events = [other, disabled, disabled].map((endpointId) => ({ endpointId, eventType: 'a', payload: 1 }))
    const part = await api.call('POST', '/events', events)
    const all = await api.call('POST', '/events', events.slice(1))
    return [part, all]
  },
  async 'an idempotency key that two events of an array have'(api) {
    const endpointId = await api.webhook()
    const events = [1, 2].map((payload) => ({ endpointId, eventType: 'a', payload, idempotencyKey: 'k' }))
    return [await api.call('POST', '/events', events)]
  },
  async 'too many events'(api) {
    const endpointId = await api.webhook()
    await api.call('POST', `/webhooks/${endpointId}/pause`)
    const events = [1, 2, 3, 4].map((payload) => ({ endpointId, eventType: 'a', payload }))
    const part = await api.call('POST', '/events', events)
    const all = await api.call('POST', '/events', events)
    return [part, all]
  },
  async 'a payload that is nested too deep'(api) {
    const endpointId = await api.webhook()
    const deep = `{"eventType":"a","endpointId":"${endpointId}","payload":${'['.repeat(1100)}${']'.repeat(1100)}}`
    return Promise.all([
      api.call('POST', '/events', deep),
      api.call('POST', `/webhooks/${endpointId}/test`, deep.replace(/"endpointId":"[^"]*",/, '')),
    ])
  },
  async 'a secret that cannot sign'(api) {
    const endpointId = await api.webhook()
    const made = await api.call('POST', '/webhooks', { url: api.receiver.url, secret: 'whsec_' })
    const rotated = await api.call('POST', `/webhooks/${endpointId}/rotate-secret`, { secret: 'whsec_' })
    return [made, rotated]
  },
  async 'a dead letter that holds its line'(api) {
    const endpointId = await api.webhook({ whenExhausted: 'halt' })
    api.receiver.respond(500)
    const { json } = await api.call('POST', '/events', { endpointId, eventType: 'a', payload: 1 })
    await api.settled(json.events[0]!.eventId)
    return [await api.call('DELETE', `/dlq/${json.events[0]!.eventId}`)]
  },
  async 'a service that was shut down'(api) {
    const endpointId = await api.webhook()
    await api.service.shutdown()
    return [await api.call('POST', `/webhooks/${endpointId}/pause`)]
  },
}

test.each([
  ['a disabled webhook, alone and in an array', [207, 409]],
  ['an idempotency key that two events of an array have', [207]],
  ['too many events', [207, 429]],
  ['a payload that is nested too deep', [400, 400]],
  ['a secret that cannot sign', [400, 400]],
  ['a dead letter that holds its line', [409]],
  ['a service that was shut down', [503]],
])('%s is told of in words of the API', async (name, statuses) => {
  const api = await startApi({ limits: { pendingEvents: 3 } })
  const answers = (await refusals[name]?.(api)) ?? []
  expect(answers.map(({ status }) => status)).toEqual(statuses)
  for (const { text } of answers) {
    const messages = text.match(/"message":"(?:[^"\\]|\\.)*"/g) ?? []
    expect(messages).not.toEqual([])
    expect(messages.filter((message) => coreWords.test(message))).toEqual([])
  }
})

test.each([
  ['events[3]: 5 events wait and limits.pendingEvents is 5', '5 events wait and limits.pendingEvents is 5'],
  ['events[3].endpointId: no endpoint has the id', 'no endpoint has the id'],
  [new ServiceClosedError('publishEvent: the service was shut down').message, 'the service was shut down'],
  ['the idempotency key of events[0] was used', 'the idempotency key of another event of this request was used'],
  ['the idempotency key of event evt_1 was used', 'the idempotency key of event evt_1 was used'],
  ['retry.maxAttempts must be a whole number', 'retry.maxAttempts must be a whole number'],
])('%o is %o', (core, api) => {
  expect(inApiWords(core)).toBe(api)
})
