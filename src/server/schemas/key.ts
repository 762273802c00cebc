import { Type } from 'typebox'
import { roles } from '../keys/caller.ts'
import { closedObject } from './closed-object.ts'
import { nullable } from './nullable.ts'
import { pageOf } from './page.ts'
import { textChoice } from './text-choice.ts'

const role = Object.assign(textChoice(roles), {
  description: '`admin`: everything; `publisher`: submit events; `reader`: read.',
})
const name = Type.String({ minLength: 1, maxLength: 128, description: 'For people.' })
const time = Type.String({ format: 'date-time' })

export const keyId = Type.String({ pattern: '^[0-9a-f]{12}$', description: 'The 12 hex digits after `hk_`.' })

export const tenantId = Type.String({ minLength: 1, maxLength: 128 })

export const keyCreation = closedObject(
  {
    name,
    role,
    tenantId: Type.Optional(
      nullable(
        Type.String({
          minLength: 1,
          maxLength: 128,
          description: 'Left out or null: a key of the platform, which sees all.',
        }),
      ),
    ),
  },
  { $id: 'KeyCreation' },
)

const shown = {
  id: keyId,
  name,
  role,
  tenantId: nullable(tenantId),
  createdAt: time,
  revokedAt: nullable(time),
}

export const createdKey = closedObject(
  { ...shown, key: Type.String({ description: 'The key itself: it is kept nowhere, and shown in no other answer.' }) },
  { $id: 'CreatedKey' },
)

export const keyPage = pageOf(closedObject(shown, { $id: 'Key' }), { $id: 'KeyPage' })
