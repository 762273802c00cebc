import { describe, expect, it } from 'vitest'
import { startApi } from './start-api.ts'
import type { Api, ApiAnswer } from './start-api.ts'

const idsOf = ({ json }: ApiAnswer): string[] => json.data.map(({ id }) => id)

async function submit({ call }: Api, endpointId: string, eventType = 'a', payload: unknown = 1): Promise<string> {
  const { json } = await call('POST', '/events', { endpointId, eventType, payload })
  return json.events[0]!.eventId
}

/** A webhook whose every event has become a dead letter. */
async function deadLetters(api: Api, count: number, options = {}): Promise<{ endpointId: string; ids: string[] }> {
  const endpointId = await api.webhook(options)
  const ids: string[] = []
  for (let sent = 0; sent < count; sent += 1) {
    api.receiver.respond(500)
    const id = await submit(api, endpointId, `type-${sent % 2}`)
    await api.settled(id)
    ids.push(id)
  }
  return { endpointId, ids }
}

describe('deliveries', () => {
  it('are read with every attempt and explained', async () => {
    const api = await startApi()
    const { ids } = await deadLetters(api, 1)
    const read = await api.call('GET', `/deliveries/${ids[0]}`)
    expect(read.status).toBe(200)
    expect(read.headers.get('content-type')).toMatch(/^application\/json/)
    expect(read.json).toMatchObject({
      id: ids[0],
      eventType: 'type-0',
      status: 'deadLettered',
      payload: 1,
      sequence: 1,
    })
    expect(read.json.attempts).toEqual([expect.objectContaining({ attempt: 1, outcome: 'failed', status: 500 })])
    const explained = await api.call('GET', `/deliveries/${ids[0]}/explain`)
    expect(explained.json).toMatchObject({ id: ids[0], reason: 'deadLettered', text: expect.any(String) })
  })

  it('tell what they wait behind', async () => {
    const api = await startApi()
    const endpointId = await api.webhook()
    await api.call('POST', `/webhooks/${endpointId}/pause`)
    const first = await submit(api, endpointId)
    const { json } = await api.call('GET', `/deliveries/${await submit(api, endpointId)}/explain`)
    expect(json).toMatchObject({ reason: 'endpointPaused', behind: { id: first, status: 'pending' }, ahead: 1 })
  })

  it('are listed page by page, each once, whatever is submitted meanwhile', async () => {
    const api = await startApi()
    const endpointId = await api.webhook()
    const ids: string[] = []
    for (let count = 0; count < 5; count += 1) ids.push(await submit(api, endpointId))
    const first = await api.call('GET', '/deliveries?limit=2')
    await submit(api, endpointId)
    const second = await api.call('GET', `/deliveries?limit=3&cursor=${first.json.nextCursor}`)
    expect([...idsOf(first), ...idsOf(second)]).toEqual([...ids].reverse())
    expect(idsOf(await api.call('GET', '/deliveries?order=oldest&limit=2'))).toEqual(ids.slice(0, 2))
  })

  it('are found by webhook, state, type and time', async () => {
    const api = await startApi()
    const { endpointId, ids } = await deadLetters(api, 2)
    const other = await api.webhook()
    const delivered = await submit(api, other, 'payment.captured')
    await api.settled(delivered)
    const find = async (query: string): Promise<string[]> => idsOf(await api.call('GET', `/deliveries?${query}`))
    expect(await find(`endpointId=${other}`)).toEqual([delivered])
    expect(await find(`endpointId=${endpointId}&order=oldest`)).toEqual(ids)
    expect(await find('status=delivered')).toEqual([delivered])
    expect(await find('status=delivered&status=deadLettered')).toHaveLength(3)
    expect(await find('eventType=payment.*')).toEqual([delivered])
    const { json } = await api.call('GET', `/deliveries/${delivered}`)
    expect(await find(`submittedAfter=${json.submittedAt}`)).toContain(delivered)
    expect(await find(`submittedBefore=${json.submittedAt}`)).not.toContain(delivered)
    expect(await find('endpointId=ep_none')).toEqual([])
  })

  it('are not listed by a query that is none', async () => {
    const { call } = await startApi()
    const queries = [
      'limit=0',
      'limit=501',
      'status=lost',
      'eventType=a%20b',
      'submittedAfter=x',
      'cursor=Zg',
      'order=up',
    ]
    for (const query of queries) {
      const { status, json } = await call('GET', `/deliveries?${query}`)
      expect(status).toBe(400)
      const [, name] = /^(\w+)/.exec(query)!
      expect(json.error.fields[0]).toMatchObject({ path: expect.stringMatching(`^/${name}`), in: 'query' })
      expect(json.error.message).toMatch(new RegExp(`^query /${name}\\S*: must `))
    }
  })

  it('are redelivered with their id', async () => {
    const api = await startApi()
    const { ids } = await deadLetters(api, 1)
    const { status, json } = await api.call('POST', `/deliveries/${ids[0]}/redeliver`)
    expect([status, json.id]).toEqual([202, ids[0]])
    const requests = await api.receiver.waitFor(2)
    expect(requests.map(({ eventId }) => eventId)).toEqual([ids[0], ids[0]])
  })

  it('that there are not are not found', async () => {
    const { call } = await startApi()
    const paths = ['/deliveries/evt_none', '/deliveries/evt_none/explain', '/dlq/evt_none']
    const answers = [
      ...(await Promise.all(paths.map((path) => call('GET', path)))),
      await call('POST', '/deliveries/evt_none/redeliver'),
      await call('POST', '/dlq/evt_none/redeliver'),
      await call('DELETE', '/dlq/evt_none'),
    ]
    for (const { status, json } of answers) expect([status, json.error.code]).toEqual([404, 'EVENT_NOT_FOUND'])
  })
})

describe('dead letters', () => {
  it('are listed and read, and nothing else is', async () => {
    const api = await startApi()
    const { ids } = await deadLetters(api, 2)
    const delivered = await submit(api, await api.webhook())
    await api.settled(delivered)
    expect(idsOf(await api.call('GET', '/dlq'))).toEqual([...ids].reverse())
    expect(idsOf(await api.call('GET', '/dlq?eventType=type-1'))).toEqual([ids[1]])
    expect((await api.call('GET', `/dlq/${ids[0]}`)).json).toMatchObject({ id: ids[0], payload: 1 })
    expect((await api.call('GET', `/dlq/${delivered}`)).status).toBe(404)
    expect((await api.call('DELETE', `/dlq/${delivered}`)).status).toBe(404)
  })

  it('are redelivered one by one', async () => {
    const api = await startApi()
    const { ids } = await deadLetters(api, 1)
    expect((await api.call('POST', `/dlq/${ids[0]}/redeliver`)).status).toBe(202)
    await api.settled(ids[0]!)
    expect((await api.call('GET', '/dlq')).json.data).toEqual([])
  })

  it('are redelivered by a filter, or all, the oldest first', async () => {
    const api = await startApi()
    const { ids } = await deadLetters(api, 5)
    const some = await api.call('POST', '/dlq/redeliver', { eventType: 'type-1' })
    expect([some.status, some.json]).toEqual([200, { redelivered: 2, skipped: 0, stoppedBy: null, nextCursor: null }])
    await api.receiver.waitFor(7)
    const part = await api.call('POST', '/dlq/redeliver', { all: true, limit: 2 })
    expect(part.json.redelivered).toBe(2)
    const rest = await api.call('POST', '/dlq/redeliver', { all: true, cursor: part.json.nextCursor })
    expect(rest.json).toMatchObject({ redelivered: 1, nextCursor: null })
    const requests = await api.receiver.waitFor(10)
    expect(requests.slice(5).map(({ eventId }) => eventId)).toEqual([ids[1], ids[3], ids[0], ids[2], ids[4]])
  })

  it('are redelivered as far as there is room', async () => {
    const api = await startApi({ limits: { pendingEvents: 2 } })
    const { endpointId } = await deadLetters(api, 3)
    await api.call('POST', `/webhooks/${endpointId}/pause`)
    const part = await api.call('POST', '/dlq/redeliver', { all: true })
    expect([part.status, part.json.redelivered, part.json.stoppedBy.code]).toEqual([200, 2, 'CAPACITY_REACHED'])
    const none = await api.call('POST', '/dlq/redeliver', { all: true })
    expect([none.status, none.headers.has('retry-after')]).toEqual([429, true])
  })

  it('are passed over when their webhook is no more', async () => {
    const api = await startApi()
    const { endpointId } = await deadLetters(api, 1)
    await api.call('DELETE', `/webhooks/${endpointId}`)
    const { json } = await api.call('POST', '/dlq/redeliver', { all: true })
    expect(json).toMatchObject({ redelivered: 0, skipped: 1 })
  })

  it('are not all redelivered by mistake', async () => {
    const { call } = await startApi()
    for (const body of [{}, { limit: 5 }, { all: false }, { all: true, eventType: 'a' }]) {
      const { status, json } = await call('POST', '/dlq/redeliver', body)
      expect([status, json.error.fields[0]!.path]).toEqual([400, '/all'])
    }
  })

  it('are deleted for good', async () => {
    const api = await startApi()
    const { ids } = await deadLetters(api, 1)
    expect((await api.call('DELETE', `/dlq/${ids[0]}`)).status).toBe(204)
    expect((await api.call('GET', `/deliveries/${ids[0]}`)).status).toBe(404)
  })

  it('that hold their line are not deleted', async () => {
    const api = await startApi()
    const { endpointId, ids } = await deadLetters(api, 1, { whenExhausted: 'halt' })
    const refused = await api.call('DELETE', `/dlq/${ids[0]}`)
    expect([refused.status, refused.json.error.code]).toEqual([409, 'EVENT_NOT_SETTLED'])
    await api.call('POST', `/webhooks/${endpointId}/resume`)
    expect((await api.call('DELETE', `/dlq/${ids[0]}`)).status).toBe(204)
  })
})

describe('stats', () => {
  it('tell totals by state, and since when the oldest waits', async () => {
    const api = await startApi()
    const { endpointId } = await deadLetters(api, 1)
    await api.call('POST', `/webhooks/${endpointId}/pause`)
    const waiting = await submit(api, endpointId)
    const { submittedAt } = (await api.call('GET', `/deliveries/${waiting}`)).json
    const { status, json } = await api.call('GET', '/stats')
    expect(status).toBe(200)
    expect(json).toMatchObject({
      events: { pending: 1, deadLettered: 1, delivered: 0 },
      endpoints: 1,
      pendingBytes: 1,
      oldestPendingAt: submittedAt,
      lagMs: expect.any(Number),
      service: { submitted: 2, durable: false },
    })
    const one = await api.call('GET', `/stats/webhooks/${endpointId}`)
    expect(one.json).toMatchObject({
      endpointId,
      events: { pending: 1, deadLettered: 1 },
      sinceStart: { attempts: 1, delivered: 0, failed: 0, deadLettered: 1 },
      oldestPendingAt: submittedAt,
      lagMs: expect.any(Number),
    })
    expect((await api.call('GET', '/stats/webhooks/ep_none')).status).toBe(404)
  })

  it('tell of each webhook, page by page', async () => {
    const api = await startApi()
    const ids = [await api.webhook(), await api.webhook()].sort()
    const first = await api.call('GET', '/stats/webhooks?limit=1')
    const second = await api.call('GET', `/stats/webhooks?limit=1&cursor=${first.json.nextCursor}`)
    expect([...first.json.data, ...second.json.data].map(({ endpointId }) => endpointId)).toEqual(ids)
    expect(second.json.nextCursor).toBeNull()
  })
})
