import { Type } from 'typebox'
import { defineRoute } from '../../src/server/routes/route.ts'
import type { Answer, Route } from '../../src/server/routes/route.ts'

const Thing = Type.Object(
  {
    name: Type.String({ minLength: 2 }),
    count: Type.Optional(Type.Integer({ minimum: 1 })),
    kind: Type.Optional(Type.Union([Type.Literal('small'), Type.Literal('large')])),
    note: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  },
  { $id: 'Thing', additionalProperties: false },
)

const params = Type.Object({ id: Type.String() })
const query = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
    tags: Type.Optional(Type.Array(Type.String())),
    all: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

/** Takes one thing or a list, and tells what it understood. */
export const thingsRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/things/:id',
  operationId: 'postThings',
  summary: 'Takes things',
  tag: 'things',
  access: { roles: ['admin', 'publisher'], scope: 'tenant' },
  request: { params, query, body: Type.Union([Thing, Type.Array(Thing)]) },
  responses: { 200: Type.Object({ things: Type.Array(Thing) }) },
  handle: ({ params: path, query: asked, body, bodyText, caller }) => ({
    status: 200,
    body: { path, asked, body, bodyText, caller },
  }),
})

/** Answers as it is told. */
export function answering(handle: () => Answer | Promise<Answer>, changes: Partial<Route> = {}): Route {
  return defineRoute({
    method: 'GET',
    path: '/api/v1/answer',
    operationId: 'answer',
    summary: 'Answers',
    tag: 'things',
    access: { roles: ['admin', 'reader'], scope: 'tenant' },
    request: {},
    responses: {},
    ...changes,
    handle,
  })
}
