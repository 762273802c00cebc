import { expect, test } from 'vitest'
import { StorageError } from '../../src/index.ts'
import { createEndpointKeepingLog } from '../support/endpoint-keeping-log.ts'
import { startEngine } from '../support/start-engine.ts'

test('the service tells of each change of its log, and stats show it', async () => {
  const log = createEndpointKeepingLog()
  const { service, quiet } = startEngine({ log })
  const told: unknown[] = []
  service.on('logConditionChanged', (notice) => told.push(notice))
  expect(service.stats().log).toEqual({ condition: 'writable', fileBytes: 4096, walBytes: 512 })
  const full = new StorageError('no space', 'full', true)
  log.turn('held', full)
  expect(service.stats().log.condition).toBe('held')
  log.turn('writable', null)
  await quiet()
  expect(told).toEqual([
    { condition: 'held', error: full },
    { condition: 'writable', error: null },
  ])
})

test('a log whose size cannot be read takes no other figure along', () => {
  const size = (): never => {
    throw new StorageError('closed', 'closed', false)
  }
  const { service } = startEngine({ log: { ...createEndpointKeepingLog(), size } })
  expect(service.stats()).toMatchObject({ submitted: 0, log: { fileBytes: null, walBytes: null } })
})

test('a log in memory is always writable, and in no file', () => {
  expect(startEngine().service.stats().log).toEqual({ condition: 'writable', fileBytes: null, walBytes: null })
})
