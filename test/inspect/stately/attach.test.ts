import { createWebSocketReceiver } from '@statelyai/inspect'
import { describe, expect, onTestFinished, test } from 'vitest'
import { attachInspector, inspectLogFile } from '../../../src/inspect/index.ts'
import type { Inspector } from '../../../src/inspect/index.ts'
import { exported, writeLogFile } from '../../support/log-files.ts'
import { createEngine, startEngine } from '../../support/start-engine.ts'
import { rawRequest } from '../server/raw-request.ts'
import { Watcher } from './watcher.ts'
import type { Message } from './watcher.ts'

const closedAfterwards = (inspector: Inspector): Inspector => {
  onTestFinished(() => inspector.close())
  return inspector
}

function watchSocket({ stately }: Inspector): Watcher {
  const watcher = new Watcher()
  createWebSocketReceiver({ server: stately!.socketUrl! }).subscribe((message) => watcher.take(message as Message))
  return watcher
}

const stateOf = (watcher: Watcher, name: string) => watcher.named(name).at(-1)?.states.at(-1)

describe('attachInspector', () => {
  test('feeds the Stately inspector where its package is installed', async () => {
    const { service, register, quiet } = startEngine()
    const inspector = closedAfterwards(await attachInspector(service))
    const watcher = watchSocket(inspector)
    service.submitEvent(register(), 'payment', 1)
    await quiet()
    await expect.poll(() => stateOf(watcher, 'evt_1')).toBe('delivered')
    const { stats, url } = inspector.stately!
    expect(stats).toMatchObject({ seen: 3, shown: 2, resting: 1 })
    const { status, body } = await rawRequest(Number(new URL(url).port), { path: new URL(url).pathname })
    expect(status).toBe(200)
    expect(body).toContain('https://stately.ai/inspect')
  })

  test('takes the feed apart from the viewer', async () => {
    const { service } = startEngine()
    const inspector = closedAfterwards(await attachInspector(service, { stately: false }))
    expect(inspector.stately).toBeNull()
    const port = Number(new URL(inspector.url).port)
    expect((await rawRequest(port, { path: '/stately' })).status).toBe(404)
  })

  test('shows payloads only when they are asked for', async () => {
    for (const payloads of [false, true]) {
      const { service, register, quiet } = startEngine()
      const inspector = closedAfterwards(await attachInspector(service, { payloads, stately: true }))
      const watcher = watchSocket(inspector)
      service.submitEvent(register(), 'payment', 'a canary')
      await quiet()
      await expect.poll(() => stateOf(watcher, 'evt_1')).toBe('delivered')
      expect(JSON.stringify(watcher.messages).includes('a canary')).toBe(payloads)
    }
  })

  test('hears nothing more once it is closed', async () => {
    const { service, register, quiet } = startEngine()
    const inspector = await attachInspector(service, { stately: true })
    await inspector.close()
    service.submitEvent(register(), 'payment', 1)
    await quiet()
    expect(inspector.stately!.stats.seen).toBe(0)
  })

  test('refuses options of the feed that are not valid', async () => {
    const { service } = startEngine()
    await expect(attachInspector(service, { stately: { sample: 2 } })).rejects.toThrow('stately.sample')
  })
})

describe('inspectLogFile', () => {
  async function recordRun(): Promise<string> {
    const engine = createEngine()
    const endpointId = engine.register()
    engine.transport.respond(({ eventId, attempt }) => (eventId === 'evt_2' || attempt === 1 ? 500 : 200))
    for (let event = 0; event < 3; event += 1) engine.service.submitEvent(endpointId, 'payment', event)
    await engine.clock.advance(60_000)
    await engine.stop()
    return writeLogFile(exported(engine.service))
  }

  test('plays the log from its beginning, with its own times, once somebody watches', async () => {
    const inspector = closedAfterwards(await inspectLogFile(await recordRun(), { stately: true, speed: 'max' }))
    expect(inspector.stately!.stats.seen).toBe(0)
    const watcher = watchSocket(inspector)
    await expect.poll(() => stateOf(watcher, 'evt_3')).toBe('delivered')
    expect(stateOf(watcher, 'evt_1')).toBe('delivered')
    expect(stateOf(watcher, 'evt_2')).toBe('deadLettered')
    const times = watcher.messages.map(({ createdAt }) => Number(createdAt))
    expect(times).toEqual([...times].sort((one, other) => one - other))
    expect(times[0]).toBe(Date.parse('2025-01-01T00:00:00.000Z'))
  })

  test.each([0, -1, 'fast', 1e9])('refuses the speed %s', async (speed) => {
    const refused = inspectLogFile(await recordRun(), { speed: speed as number })
    await expect(refused).rejects.toThrow('speed must be')
  })
})
