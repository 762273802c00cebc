import { describe, expect, it } from 'vitest'
import { startApi } from './start-api.ts'

describe('keys', () => {
  it('are shown once, when they are made; their hashes never', async () => {
    const { as } = await startApi()
    const admin = await as('admin', null)
    const made = await admin('POST', '/keys', { name: 'shop', role: 'reader', tenantId: 'acme' })
    expect(made.status).toBe(201)
    const { key, ...shown } = JSON.parse(made.text) as Record<string, string>
    expect(key).toMatch(/^hk_[0-9a-f]{12}_[0-9a-f]{48}$/)
    const listed = await admin('GET', '/keys')
    expect(listed.json.data).toContainEqual(shown)
    for (const text of [made.text, listed.text]) expect(text).not.toMatch(/hash/i)
    expect(listed.text).not.toContain(key!.split('_')[2])
  })

  it('begin with an admin of the platform', async () => {
    const { call } = await startApi()
    for (const first of [
      { name: 'shop', role: 'reader' },
      { name: 'shop', role: 'admin', tenantId: 'acme' },
    ]) {
      const { status, json } = await call('POST', '/keys', first)
      expect([status, json.error.code]).toEqual([409, 'FIRST_KEY_NOT_ADMIN'])
    }
    expect((await call('POST', '/keys', { name: 'ops', role: 'admin' })).status).toBe(201)
    expect((await call('GET', '/keys')).status).toBe(401)
  })

  it('let nobody in once they are revoked, and stay in the list', async () => {
    const { as, call } = await startApi()
    const admin = await as('admin', null)
    const { json, text } = await admin('POST', '/keys', { name: 'shop', role: 'reader' })
    const { key } = JSON.parse(text) as { key: string }
    const ask = async () => (await call('GET', '/stats', undefined, { 'x-api-key': key })).status
    expect(await ask()).toBe(200)
    expect((await admin('DELETE', `/keys/${json.id}`)).status).toBe(204)
    expect(await ask()).toBe(401)
    const { data } = (await admin('GET', '/keys')).json
    expect(data.find(({ id }) => id === json.id)).toMatchObject({ revokedAt: expect.stringContaining('T') })
  })
})

describe('tenants', () => {
  it('that are made inactive are let in no more, until they are active again', async () => {
    const { as } = await startApi()
    const [admin, shop] = [await as('admin', null), await as('admin', 'acme')]
    for (const [active, status] of [
      [false, 401],
      [true, 200],
    ] as const) {
      expect((await admin('PUT', '/tenants/acme', { active })).status).toBe(200)
      expect((await shop('GET', '/webhooks')).status).toBe(status)
    }
  })
})
