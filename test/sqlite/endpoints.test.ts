// Endpoints in a file, from one process to the next: what the core puts there is what comes back, and is sealed.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createWebhookService, StorageError } from '../../src/index.ts'
import type { WebhookService } from '../../src/index.ts'
import type { SecretKey } from '../../src/sealing/secret-keys.ts'
import { createSqliteLog } from '../../src/sqlite/sqlite-log.ts'
import { createScriptedTransport } from '../support/scripted-transport.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { freshPath } from '../support/sqlite-files.ts'

const former: SecretKey = { id: 'former', key: new Uint8Array(32).fill(1) }
const current: SecretKey = { id: 'current', key: new Uint8Array(32).fill(2) }
const secrets = /the f1rst secret|the sec0nd secret|cr3dential|t0ken/

describe.each(availableDriverNames)('endpoints in a file of %s', (driver) => {
  function start(path: string, secretKeys?: readonly SecretKey[]) {
    const transport = createScriptedTransport()
    const log = createSqliteLog(path, { driver, ...(secretKeys && { secretKeys }) }, {})
    const service = createWebhookService({ log, transport })
    onTestFinished(async () => {
      await service.shutdown()
    })
    return { service, transport }
  }

  const register = (service: WebhookService): string =>
    service.registerEndpoint('https://merchant.example/t0ken', 'the f1rst secret', {
      id: 'ep_shop',
      ordering: 'key',
      headers: { Authorization: 'Bearer cr3dential' },
    })

  const bytesIn = (path: string): string =>
    readdirSync(dirname(path))
      .map((name) => readFileSync(join(dirname(path), name), 'latin1'))
      .join('\n')

  test('come back with settings, both secrets and health, and their line goes on', async () => {
    const path = freshPath()
    const first = start(path)
    const id = register(first.service)
    first.service.rotateSecret(id, 'the sec0nd secret')
    first.service.pauseEndpoint(id)
    const gone = first.service.registerEndpoint('https://gone.example/', 'a secret')
    first.service.removeEndpoint(gone)
    const events = first.service.submitEvents(
      [1, 2].map((payload) => ({ endpointId: id, eventType: 'a.b', payload, orderingKey: 'k' })),
    )
    const before = first.service.listEndpoints()
    await first.service.flush()
    await first.service.shutdown()

    const { service, transport } = start(path)
    expect(service.listEndpoints()).toEqual(before)
    service.resumeEndpoint(id)
    await service.drain()
    expect(events.map((event) => service.getEvent(event))).toMatchObject([
      { status: 'delivered', sequence: 1 },
      { status: 'delivered', sequence: 2 },
    ])
    expect(transport.requests.map((request) => request.header('authorization'))).toEqual(
      events.map(() => 'Bearer cr3dential'),
    )
    expect(transport.requests[0]!.header('webhook-signature')!.split(' ')).toHaveLength(2)
    const { log } = service.stats()
    expect(log.condition).toBe('writable')
    expect(log.fileBytes).toBeGreaterThan(0)
  })

  test('are sealed with the first key, and one start with a new key in front lets the former go', async () => {
    const path = freshPath()
    const plain = start(path)
    register(plain.service)
    await plain.service.shutdown()
    expect(bytesIn(path)).toMatch(secrets)

    for (const keys of [[former], [current, former], [current]]) {
      const { service } = start(path, keys)
      expect(service.getEndpoint('ep_shop').headers).toEqual(['Authorization'])
      await service.shutdown()
    }
    expect(() => start(path, [former])).toThrow(StorageError)
    expect(() => start(path)).toThrow(expect.objectContaining({ reason: 'wrongKey' }))
    const { service } = start(path, [current])
    expect(service.getEndpoint('ep_shop').url).toBe('https://merchant.example/t0ken')
  })

  test('leave nothing readable in the file, nor beside it, when they were sealed from the start', async () => {
    const path = freshPath()
    const { service } = start(path, [current])
    const id = register(service)
    service.rotateSecret(id, 'the sec0nd secret')
    await service.flush()
    expect(bytesIn(path)).not.toMatch(secrets)
    await service.shutdown()
    expect(bytesIn(path)).not.toMatch(secrets)
  })
})
