// Every route of the table, asked by everyone who could ask it.
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWebhookService } from '../../../src/index.ts'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { buildApp } from '../../../src/server/http/build-app.ts'
import { roles } from '../../../src/server/keys/caller.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import { createTenancy } from '../../../src/server/keys/tenancy.ts'
import { routeTable } from '../../../src/server/routes/route-table.ts'
import type { Route } from '../../../src/server/routes/route.ts'
import { readServerLimits } from '../../../src/server/server-limits.ts'
import { silentLog } from '../../../src/server/server-log.ts'
import { startWatch } from '../../../src/server/watch/watch.ts'
import { resolveWatchOptions } from '../../../src/server/watch/watch-options.ts'
import { createAccessWorld, namesTarget, nothing } from './access-world.ts'
import type { AccessWorld, Belonging, Target } from './access-world.ts'

const belongings: readonly Belonging[] = ['platform', 'own', 'foreign']

/** Served beside the table: the documentation, which is the same for everyone. */
const besideTheTable = [
  'GET /docs',
  'GET /docs/start.js',
  'GET /docs/swagger-ui-bundle.js',
  'GET /docs/swagger-ui.css',
  'GET /openapi.json',
]

let world: AccessWorld
beforeAll(async () => {
  world = await createAccessWorld()
})
afterAll(() => world.close())

test('the server has no route but those of the table, and its documentation', async () => {
  const service = createWebhookService()
  const log = silentLog
  const clock = systemClock
  const closing = new AbortController().signal
  const onFault = (): void => undefined
  const context = {
    service,
    keys: memoryKeys(),
    tenancy: createTenancy(service),
    clock,
    randomBytes: systemRandomBytes,
    log,
    limits: readServerLimits(undefined),
    closing,
    watch: startWatch({ service, clock, log, closing, onFault }, resolveWatchOptions({})),
    onFault,
  }
  const app = await buildApp(routeTable, { context, isStopping: () => false })
  const served = servedRoutes(app.printRoutes({ commonPrefix: false }))
  const expected = [...routeTable.map(({ method, path }) => `${method} ${path}`), ...besideTheTable]
  expect(served.sort()).toEqual(expected.sort())
  await app.close()
  await service.shutdown()
})

test.each([
  ['its path', { path: '/api/v1/novelties/:id', request: {} }],
  ['its body', { path: '/api/v1/novelties', request: { body: Type.Object({}) } }],
])('a route that this matrix knows no case for fails: %s', async (_, novelty) => {
  const route: Route = { ...routeTable[0]!, operationId: 'novelty', ...novelty }
  await expect(world.send(route, nothing, '')).rejects.toThrow('no case for')
})

describe.each(routeTable.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  if (route.access === 'public') {
    test('answers everyone', async () => {
      const { status } = await world.send(route, nothing, '')
      expect([401, 403]).not.toContain(status)
    })
    return
  }

  test.each(['none', 'unknown', 'revoked', 'inactive'] as const)('refuses with 401: %s', async (kind) => {
    const target = await world.target()
    const before = stateOf(target)
    expect((await world.send(route, target, world.refused[kind])).status).toBe(401)
    expect(stateOf(target)).toEqual(before)
  })

  const cells = roles.flatMap((role) => belongings.map((belonging) => [role, belonging] as const))
  test.each(cells)('%s, %s', async (role, belonging) => {
    const target = await world.target()
    const before = stateOf(target)
    const key = world.keys[role][belonging]
    const answer = await world.send(route, target, key)
    if (!mayUse(route, role, belonging)) {
      expect(answer.status).toBe(403)
      expect(stateOf(target)).toEqual(before)
      return
    }
    if (belonging !== 'foreign') {
      expect([200, 201, 202, 204], answer.text).toContain(answer.status)
      return
    }
    expect(stateOf(target)).toEqual(before)
    if (namesTarget(route)) {
      const unknown = await world.send(route, nothing, key)
      expect([answer.status, sameFor(answer.text, target)]).toEqual([unknown.status, sameFor(unknown.text, nothing)])
      // What a filter names may be nothing; what a path names is there or not.
      if (route.path.includes('/:')) expect(answer.status).toBe(404)
    } else {
      expect([200, 201, 202, 204], answer.text).toContain(answer.status)
      for (const id of [target.webhookId, target.deliveryId, 'acme']) expect(answer.text).not.toContain(id)
    }
  })
})

/** What the roles and the scope of a route come to, said here a second time. */
function mayUse({ access }: Route, role: (typeof roles)[number], belonging: Belonging): boolean {
  if (access === 'public') return true
  return access.roles.includes(role) && (access.scope === 'tenant' || belonging === 'platform')
}

/** All of a target that a request might have changed. */
function stateOf({ webhookId, deliveryId }: Target): unknown {
  const { service } = world
  return { webhook: service.getEndpoint(webhookId), delivery: service.getEvent(deliveryId) }
}

/** An answer without what differs between any two: the ids that were asked for, and the request's. */
function sameFor(text: string, { webhookId, deliveryId }: Target): string {
  return text
    .replaceAll(webhookId, 'ID')
    .replaceAll(deliveryId, 'ID')
    .replace(/"requestId":"[^"]*"/, '')
}

/** The tree that Fastify prints, as `METHOD /path`. HEAD goes with every GET. */
function servedRoutes(tree: string): string[] {
  const above: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, lead = '', part = '', methods = ''] = /^([│├└─ ]*)(\/\S*) \(([^)]*)\)$/.exec(line) ?? []
    if (part === '') return []
    const depth = lead.length / 4
    above.splice(depth - 1, Infinity, part)
    return methods
      .split(', ')
      .filter((method) => method !== 'HEAD')
      .map((method) => `${method} ${above.join('')}`)
  })
}
