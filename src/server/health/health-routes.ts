import { Type } from 'typebox'
import { defineRoute } from '../routes/route.ts'
import type { Answer, Call } from '../routes/route.ts'

const reason = Type.Union([
  Type.Literal('closing'),
  Type.Literal('logHeld'),
  Type.Literal('logStopped'),
  Type.Literal('lagging'),
])

const report = Type.Object(
  {
    status: Type.Union([Type.Literal('ready'), Type.Literal('unready')]),
    live: Type.Literal(true),
    ready: Type.Boolean(),
    reasons: Type.Array(reason, { description: 'Why it is not ready.' }),
    store: Type.Object(
      {
        durable: Type.Boolean({ description: 'Whether what was acknowledged survives the process.' }),
        condition: Type.Union([Type.Literal('writable'), Type.Literal('held'), Type.Literal('stopped')]),
      },
      { additionalProperties: false },
    ),
    lagMs: Type.Integer({ description: 'Age of the oldest event that is not settled.' }),
  },
  { additionalProperties: false },
)

const readiness = Type.Object({ ready: Type.Boolean(), reasons: Type.Array(reason) }, { additionalProperties: false })

const common = { method: 'GET', tag: 'service', access: 'public', request: {} } as const
const fresh = { 'Cache-Control': 'no-store' }

const healthRoute = defineRoute({
  ...common,
  path: '/health',
  operationId: 'getHealth',
  summary: 'Whether the server lives, takes events, and how its log is',
  responses: { 200: report, 503: report },
  handle: ({ context: { watch } }: Call): Answer => {
    const health = watch.health()
    return { status: health.ready ? 200 : 503, body: health, headers: fresh }
  },
})

const liveRoute = defineRoute({
  ...common,
  path: '/health/live',
  operationId: 'getLiveness',
  summary: 'Whether the process lives: it answers',
  responses: { 200: Type.Object({ live: Type.Literal(true) }, { additionalProperties: false }) },
  handle: () => ({ status: 200, body: { live: true }, headers: fresh }),
})

const readyRoute = defineRoute({
  ...common,
  path: '/health/ready',
  operationId: 'getReadiness',
  summary: 'Whether the server takes events',
  responses: { 200: readiness, 503: readiness },
  handle: ({ context: { watch } }: Call): Answer => {
    const { ready, reasons } = watch.health()
    return { status: ready ? 200 : 503, body: { ready, reasons }, headers: fresh }
  },
})

export const healthRoutes = [healthRoute, liveRoute, readyRoute]
