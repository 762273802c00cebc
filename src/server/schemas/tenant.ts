import { Type } from 'typebox'
import { closedObject } from './closed-object.ts'
import { tenantId } from './key.ts'
import { nullable } from './nullable.ts'
import { pageOf } from './page.ts'

const active = Type.Boolean({ description: 'Whether its keys let in; refused ones are answered 401.' })

export const tenantChange = closedObject({ active }, { $id: 'TenantChange' })

export const tenant = closedObject(
  {
    id: tenantId,
    active,
    changedAt: nullable(Type.String({ format: 'date-time', description: 'When `active` was set last.' })),
    keys: Type.Integer({ minimum: 0, description: 'Its keys that were not revoked.' }),
  },
  { $id: 'Tenant' },
)

export const tenantPage = pageOf(tenant, { $id: 'TenantPage' })
