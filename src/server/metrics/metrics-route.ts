import { Type } from 'typebox'
import { defineRoute } from '../routes/route.ts'

export const metricsRoute = defineRoute({
  method: 'GET',
  path: '/metrics',
  operationId: 'getMetrics',
  summary: 'The figures of the service, for Prometheus',
  description: 'The text format of Prometheus, version 0.0.4.',
  tag: 'service',
  access: { roles: ['admin', 'reader'], scope: 'platform' },
  request: {},
  responses: { 200: Type.String({ contentMediaType: 'text/plain', description: 'Figures.' }) },
  async handle({ context: { watch } }) {
    const { metrics } = watch
    return {
      status: 200,
      text: await metrics.text(),
      headers: { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' },
    }
  },
})
