import { Type } from 'typebox'
import { version } from '../../version.ts'
import { closedObject } from '../schemas/closed-object.ts'
import { defineRoute } from './route.ts'

export const versionRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/version',
  operationId: 'getVersion',
  summary: 'The version of hookline that answers',
  tag: 'service',
  access: { roles: ['admin', 'publisher', 'reader'], scope: 'tenant' },
  request: {},
  responses: { 200: closedObject({ version: Type.String() }, { $id: 'Version' }) },
  handle: () => ({ status: 200, body: { version } }),
})
