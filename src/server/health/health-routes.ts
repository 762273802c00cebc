import { Type } from 'typebox'
import { defineRoute } from '../routes/route.ts'
import type { Answer, Call } from '../routes/route.ts'
import { closedObject } from '../schemas/closed-object.ts'
import { textChoice } from '../schemas/text-choice.ts'

const reason = textChoice(['closing', 'logHeld', 'logStopped', 'lagging'])
const reasons = Type.Array(reason, { description: 'Why it is not ready.' })
const live = Type.Literal(true)

const report = closedObject(
  {
    status: textChoice(['ready', 'unready']),
    live,
    ready: Type.Boolean(),
    reasons,
    store: closedObject({
      durable: Type.Boolean({ description: 'Whether what was acknowledged survives the process.' }),
      condition: textChoice(['writable', 'held', 'stopped']),
    }),
    lagMs: Type.Integer({ description: 'How long the event that has waited longest has waited; 0 when none waits.' }),
  },
  { $id: 'Health' },
)

const readiness = closedObject({ ready: Type.Boolean(), reasons }, { $id: 'Readiness' })

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
  responses: { 200: closedObject({ live }, { $id: 'Liveness' }) },
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
