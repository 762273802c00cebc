import { describe, expect, onTestFinished, test } from 'vitest'
import type { createEndpointKeepingLog } from '../support/endpoint-keeping-log.ts'
import { createKeepingWorld, elsewhere, secret, url } from './keeping-world.ts'

describe('a stored endpoint that cannot be read', () => {
  async function leaveOut(change: Parameters<ReturnType<typeof createEndpointKeepingLog>['tamper']>[1]) {
    const world = createKeepingWorld()
    const first = world.restart()
    const [good, bad] = ['ep_good', 'ep_bad'].map((id) => first.service.registerEndpoint(url, secret, { id })) as [
      string,
      string,
    ]
    first.service.pauseEndpoint(bad)
    const waiting = first.service.submitEvent(bad, 'a.b', 1)
    world.log.tamper(bad, change)
    const next = world.restart()
    const told: { endpointId: string; error: unknown }[] = []
    onTestFinished(next.service.on('endpointLeftOut', (notice) => told.push(notice)))
    await next.quiet()
    return { next, world, told, good, bad, waiting }
  }

  test.each<[string, string, Parameters<typeof leaveOut>[0]]>([
    ['settings that are none', 'damaged', (stored) => ({ ...stored, settings: 7 })],
    ['settings of a later version', 'unknownFormat', (stored) => ({ ...stored, settings: { version: 2 } })],
    ['a URL that is none', 'damaged', (stored) => ({ ...stored, url: 'ftp://token:s3cret@x' })],
    ['no secret', 'damaged', (stored) => ({ ...stored, secrets: [] })],
    ['no secrets at all', 'damaged', (stored) => ({ ...stored, secrets: null })],
    ['a secret that cannot sign', 'damaged', (stored) => ({ ...stored, secrets: [{ secret: 'whsk_s3cret' }] })],
  ])('is left out, and told of: %s', async (_, reason, change) => {
    const { next, told, good, bad, waiting } = await leaveOut(change)
    expect(next.service.listEndpoints().map(({ id }) => id)).toEqual([good])
    expect(told).toMatchObject([{ endpointId: bad, error: { code: 'STORAGE_FAILED', reason } }])
    expect(String(told[0]?.error)).not.toContain('s3cret')
    expect(next.service.explain(waiting).reason).toBe('endpointUnregistered')
  })

  test('is replaced by whoever registers it again, and its line goes on', async () => {
    const { next, world, bad, waiting } = await leaveOut((stored) => ({ ...stored, settings: null }))
    next.service.registerEndpoint(elsewhere, secret, { id: bad })
    next.service.resumeEndpoint(bad)
    await next.quiet()
    expect(next.service.getEventStatus(waiting).status).toBe('delivered')
    expect(world.restart().service.getEndpoint(bad).url).toBe(elsewhere)
  })

  test('nor whose own records do not follow: it cannot be registered either', async () => {
    const world = createKeepingWorld()
    const first = world.restart()
    world.register(first)
    const paused = { type: 'endpoint.paused', at: '2025-01-01T00:00:00.000Z' } as const
    const record = { at: paused.at, endpointId: world.id, eventId: '', event: paused, attempts: 0 } as const
    world.log.appendEndpoint({ ...record, from: 'disabled', to: 'paused', machine: 'endpoint@1' })
    const next = world.restart()
    const told: unknown[] = []
    next.service.on('endpointLeftOut', ({ endpointId, error }) => told.push([endpointId, (error as Error).name]))
    await next.quiet()
    expect(told).toEqual([[world.id, 'DivergenceError']])
    expect(() => world.register(next)).toThrow('does not follow')
  })
})
