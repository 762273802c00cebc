// Loads what a server needs, when it is first needed: whoever imports hookline/server without its packages hears of all of
// them at once.
import { MissingDependencyError } from '../errors/errors.ts'
import type { WebhookService } from '../webhook-service.ts'
import type { HttpApp } from './http/http-app.ts'
import type { ServerSettings } from './server-settings.ts'

const packages = 'fastify @fastify/swagger typebox prom-client'

/** @throws MissingDependencyError */
export async function loadApp(
  service: WebhookService,
  settings: ServerSettings,
  closing: AbortSignal,
): Promise<HttpApp> {
  const { makeApp } = await import('./make-app.ts').catch(refuseMissing)
  return makeApp(service, settings, closing)
}

function refuseMissing(cause: unknown): never {
  const isMissing = cause instanceof Error && 'code' in cause && /^(ERR_)?MODULE_NOT_FOUND$/.test(String(cause.code))
  if (!isMissing) throw cause
  throw new MissingDependencyError(
    `hookline/server needs packages that are not installed; install them with \`npm install ${packages}\``,
    { cause },
  )
}
