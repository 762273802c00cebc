import { expect, test } from 'vitest'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { roles } from '../../../src/server/keys/caller.ts'
import type { Role } from '../../../src/server/keys/caller.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../../src/server/keys/memory-keys.ts'
import type { KeyStore } from '../../../src/server/keys/key-store.ts'
import { errorOf } from '../error-of.ts'
import { makeServer, startServer } from '../start-server.ts'
import { answering, thingsRoute } from '../test-routes.ts'

const texts = new Map<string, string>()

async function keysOfAllRoles(): Promise<KeyStore> {
  const keys = memoryKeys()
  const ports = { clock: systemClock, randomBytes: systemRandomBytes }
  for (const role of roles) {
    for (const tenantId of [null, 'acme']) {
      const { text } = await issueKey(keys, { name: role, role, tenantId }, ports)
      texts.set(`${role} of ${tenantId}`, text)
    }
  }
  return keys
}

const headersOf = (role: Role, tenantId: string | null = null): Record<string, string> => ({
  authorization: `Bearer ${texts.get(`${role} of ${tenantId}`)}`,
})

test('lets in the roles that a route names, and no other', async () => {
  const keys = await keysOfAllRoles()
  const { server } = makeServer({ keys, routes: [answering(() => ({ status: 200 }))] })
  const statuses = await Promise.all(
    roles.map(async (role) => {
      const { status } = await server.inject({ method: 'GET', path: '/api/v1/answer', headers: headersOf(role) })
      return [role, status]
    }),
  )
  expect(Object.fromEntries(statuses)).toEqual({ admin: 200, publisher: 403, reader: 200 })
})

test('keeps the keys of tenants from what is of the platform', async () => {
  const keys = await keysOfAllRoles()
  const route = answering(() => ({ status: 200 }), { access: { roles: ['admin'], scope: 'platform' } })
  const { server } = makeServer({ keys, routes: [route] })
  const ask = async (tenantId: string | null): Promise<number> =>
    (await server.inject({ method: 'GET', path: '/api/v1/answer', headers: headersOf('admin', tenantId) })).status
  expect([await ask(null), await ask('acme')]).toEqual([200, 403])
})

test('asks for a key before it reads anything of a body', async () => {
  const { server } = makeServer({ keys: await keysOfAllRoles(), routes: [thingsRoute] })
  const headers = { 'content-type': 'text/plain' }
  const answer = await server.inject({ method: 'POST', path: '/api/v1/things/1', headers, body: 'not JSON' })
  expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer'])
})

test('says to one who tries many keys when to come again, and lets a right key in all the same', async () => {
  const { server } = makeServer({ keys: await keysOfAllRoles() })
  const ask = (headers: Record<string, string>) => server.inject({ method: 'GET', path: '/api/v1/stats', headers })
  for (let count = 0; count < 50; count += 1) expect((await ask({ 'x-api-key': `hk_${count}` })).status).toBe(401)
  const { status, headers, text } = await ask({ 'x-api-key': 'hk_50' })
  expect([status, errorOf(text).code]).toEqual([429, 'TOO_MANY_FAILURES'])
  expect(headers['retry-after']).toMatch(/^[12]$/)
  expect((await ask(headersOf('reader'))).status).toBe(200)
})

test('needs no key for what is public', async () => {
  const route = answering(() => ({ status: 204 }), { access: 'public' })
  const { server } = makeServer({ keys: await keysOfAllRoles(), routes: [route] })
  const ask = async (path: string): Promise<number> => (await server.inject({ method: 'GET', path })).status
  expect(await ask('/api/v1/answer')).toBe(204)
  expect(await ask('/openapi.json')).toBe(200)
  expect(await ask('/docs')).toBe(200)
})

test('takes everyone on this machine for an admin as long as there is no key', async () => {
  const { url } = await startServer({ routes: [thingsRoute] })
  const answer = await fetch(`${url}/api/v1/things/1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"ab"}',
  })
  expect(await answer.json()).toMatchObject({ caller: { role: 'admin', tenantId: null, keyId: null } })
})

test.each(['0.0.0.0', '::', '192.0.2.1', 'example.com', ''])('does not listen on %o without a key', async (host) => {
  const { server } = makeServer()
  await expect(server.listen({ host })).rejects.toMatchObject({ code: 'INVALID_OPTION', option: 'host' })
})

test('listens to others with a key', async () => {
  const { server } = makeServer({ keys: await keysOfAllRoles() })
  const { port } = await server.listen({ host: '0.0.0.0' })
  const headers = headersOf('reader')
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/version`, { headers })
  expect(answer.status).toBe(200)
})

test('lets no one in when it listens to others and the keys are gone', async () => {
  let empty = false
  const keys: KeyStore = Object.defineProperty(memoryKeys(), 'empty', { get: () => empty })
  const { server } = makeServer({ keys })
  const { port } = await server.listen({ host: '0.0.0.0' })
  empty = true
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/version`)
  expect(answer.status).toBe(401)
})

const own = 'localhost:3080'

test.each([
  [{}, 200],
  [{ host: '127.0.0.1:9' }, 200],
  [{ host: '[::1]:9' }, 200],
  [{ host: 'evil.example' }, 403],
  [{ host: 'localhost.evil.example:80' }, 403],
  [{ host: '127.0.0.1.evil.example' }, 403],
  [{ host: own, origin: 'http://localhost:3080' }, 200],
  [{ host: own, origin: 'http://localhost:8080' }, 403],
  [{ host: own, origin: 'https://evil.example' }, 403],
  [{ host: own, origin: 'null' }, 403],
  [{ host: own, 'sec-fetch-site': 'cross-site' }, 403],
  [{ host: own, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }, 403],
  [{ host: own, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 200],
  [{ host: own, 'sec-fetch-site': 'same-origin' }, 200],
  [{ host: own, 'x-forwarded-for': '192.0.2.1' }, 403],
  [{ host: own, 'x-real-ip': '192.0.2.1' }, 403],
  [{ host: own, forwarded: 'for=192.0.2.1' }, 403],
  [{ host: own, via: '1.1 proxy' }, 403],
])('without a key, answers what comes with %o by %i, on every path', async (headers, status) => {
  const { server } = makeServer()
  for (const path of ['/api/v1/version', '/docs', '/nothing']) {
    const answer = await server.inject({ method: 'GET', path, headers })
    expect(answer.status).toBe(status === 200 && path === '/nothing' ? 404 : status)
  }
})

test('with a key, does not mind by which name it is called', async () => {
  const { server } = makeServer({ keys: await keysOfAllRoles() })
  const headers = { ...headersOf('reader'), host: 'hooks.example.com', 'x-forwarded-for': '192.0.2.1' }
  expect((await server.inject({ method: 'GET', path: '/api/v1/version', headers })).status).toBe(200)
})
