import { expect, test } from 'vitest'
import { routeTable } from '../../../src/server/routes/route-table.ts'
import type { Access } from '../../../src/server/routes/route.ts'

/** The routes whose access this is true of. */
function routesWith(is: (access: Exclude<Access, 'public'>) => boolean): string[] {
  return routeTable.flatMap(({ method, path, access }) =>
    access !== 'public' && is(access) ? [`${method} ${path}`] : [],
  )
}

// The matrix of every route by every key takes from the table who may do what: what that has to be is said here.

test('only what tells whether the server lives is for everyone', () => {
  const open = routeTable.filter(({ access }) => access === 'public').map(({ method, path }) => `${method} ${path}`)
  expect(open).toEqual(['GET /health', 'GET /health/live', 'GET /health/ready'])
})

test("keys, tenants and the figures of the process are the platform's", () => {
  expect(routesWith(({ scope }) => scope === 'platform')).toEqual([
    'GET /metrics',
    'POST /api/v1/keys',
    'GET /api/v1/keys',
    'DELETE /api/v1/keys/:id',
    'GET /api/v1/tenants',
    'PUT /api/v1/tenants/:id',
  ])
})

test('a publisher submits, and reads nothing but the version', () => {
  expect(routesWith(({ roles }) => roles.includes('publisher'))).toEqual(['POST /api/v1/events', 'GET /api/v1/version'])
})

test('a reader changes nothing, and reads all but keys and tenants', () => {
  const read = routesWith(({ roles }) => roles.includes('reader'))
  expect(read.filter((route) => !route.startsWith('GET '))).toEqual([])
  expect(routesWith(({ roles }) => !roles.includes('reader')).filter((route) => route.startsWith('GET '))).toEqual([
    'GET /api/v1/keys',
    'GET /api/v1/tenants',
  ])
})

test('an admin may do whatever a key lets do', () => {
  expect(routesWith(({ roles }) => !roles.includes('admin'))).toEqual([])
})
