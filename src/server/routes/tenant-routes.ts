// Tenants: whether their keys let in.
import { isoTime } from '../../clock/iso-time.ts'
import { listTenants, setTenantActive } from '../keys/tenant-list.ts'
import { closedObject } from '../schemas/closed-object.ts'
import { tenantId } from '../schemas/key.ts'
import { pageQuery } from '../schemas/page.ts'
import { tenant, tenantChange, tenantPage } from '../schemas/tenant.ts'
import { answerPage } from './id-list.ts'
import { defineRoute } from './route.ts'

const tag = 'tenants'
const access = { roles: ['admin'], scope: 'platform' } as const

const listTenantsRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/tenants',
  operationId: 'listTenants',
  summary: 'Tenants that have or had keys, or were activated or deactivated, page by page, in the order of their ids',
  tag,
  access,
  request: { query: closedObject(pageQuery) },
  responses: { 200: tenantPage },
  handle({ query, context: { keys } }) {
    const tenants = new Map(listTenants(keys).map((state) => [state.id, state]))
    return answerPage('tenants', tenants.keys(), query, (id) => tenants.get(id))
  },
})

const putTenantRoute = defineRoute({
  method: 'PUT',
  path: '/api/v1/tenants/:id',
  operationId: 'putTenant',
  summary: 'Activate or deactivate a tenant: let its keys in, or refuse them all',
  description:
    'What waits for the webhooks of a tenant that is not active is delivered all the same. To stop that, pause them.',
  tag,
  access,
  request: { params: closedObject({ id: tenantId }), body: tenantChange },
  responses: { 200: tenant },
  async handle({ params: { id }, body: { active }, context: { keys, clock } }) {
    return { status: 200, body: await setTenantActive(keys, { id, active }, isoTime(clock.now())) }
  },
})

export const tenantRoutes = [listTenantsRoute, putTenantRoute]
