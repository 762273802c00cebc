// The OpenAPI document: made from the routes, and from nothing else.
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { version } from '../../version.ts'
import { withNamedSchemas } from './named-schemas.ts'
import { withOptionalBodies } from './optional-bodies.ts'

const info = {
  title: 'hookline',
  version,
  description:
    'Delivers webhooks: signed, in order, retried, every step on record. What this API calls a webhook is an endpoint; ' +
    'a delivery is one event on its way to one endpoint.',
  license: { name: 'MIT', identifier: 'MIT' },
}

/** Before the routes are registered. */
export async function collectRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'A key made with `hookline keys create`: `hk_…`.' },
        },
      },
      security: [{ apiKey: [] }],
    },
    convertConstToEnum: false,
    transformObject: (made) =>
      'openapiObject' in made ? withOptionalBodies(withNamedSchemas(made.openapiObject)) : made,
    transform: ({ route, url }) => ({ schema: route.config?.documentation ?? { hide: true }, url }),
  })
}
