// API keys: made, listed, revoked. By the platform alone: whoever makes keys decides what every tenant is.
import { isoTime } from '../../clock/iso-time.ts'
import { ApiError } from '../http/api-error.ts'
import { issueKey } from '../keys/issue-key.ts'
import { showKey } from '../keys/shown-key.ts'
import { closedObject } from '../schemas/closed-object.ts'
import { createdKey, keyCreation, keyId, keyPage } from '../schemas/key.ts'
import { nothing } from '../schemas/nothing.ts'
import { pageQuery } from '../schemas/page.ts'
import { refusal } from '../schemas/refusal.ts'
import { answerPage } from './id-list.ts'
import { defineRoute } from './route.ts'

const tag = 'keys'
const access = { roles: ['admin'], scope: 'platform' } as const

const createKeyRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/keys',
  operationId: 'createKey',
  summary: 'Make an API key',
  description:
    'The key is shown in this answer and never again. The first one must be an admin of the platform: from then on the server asks for a key.',
  tag,
  access,
  request: { body: keyCreation },
  responses: { 201: createdKey, 409: refusal('The first key must be an admin of the platform.') },
  async handle({ body, context: { keys, clock, randomBytes } }) {
    if (keys.empty && (body.role !== 'admin' || body.tenantId != null)) {
      const message =
        'the first key must be an admin of the platform: with any other, no one could make the next one here'
      throw new ApiError(409, 'FIRST_KEY_NOT_ADMIN', message)
    }
    const { text, key } = await issueKey(keys, body, { clock, randomBytes })
    return { status: 201, body: { ...showKey(key), key: text } }
  },
})

const listKeysRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/keys',
  operationId: 'listKeys',
  summary: 'API keys, revoked ones too, page by page, in the order of their ids',
  tag,
  access,
  request: { query: closedObject(pageQuery) },
  responses: { 200: keyPage },
  handle({ query, context: { keys } }) {
    const shown = new Map(keys.list().map((key) => [key.id, showKey(key)]))
    return answerPage('keys', shown.keys(), query, (id) => shown.get(id))
  },
})

const revokeKeyRoute = defineRoute({
  method: 'DELETE',
  path: '/api/v1/keys/:id',
  operationId: 'revokeKey',
  summary: 'Revoke an API key: it lets nobody in from now on',
  description: 'It stays in the list. A key may revoke itself. To revoke one again changes nothing.',
  tag,
  access,
  request: { params: closedObject({ id: keyId }) },
  responses: { 204: nothing('It lets nobody in.') },
  async handle({ params: { id }, context: { keys, clock } }) {
    if ((await keys.revoke(id, isoTime(clock.now()))) !== undefined) return { status: 204 }
    throw new ApiError(404, 'KEY_NOT_FOUND', `no key has the id "${id}"`)
  },
})

export const keyRoutes = [createKeyRoute, listKeysRoute, revokeKeyRoute]
