import { checkWholeNumber } from '../options/value-checks.ts'
import type { WebhookService } from '../webhook-service.ts'
import type { HttpApp } from './http/http-app.ts'
import { loadApp } from './load-app.ts'
import { readServerSettings } from './server-settings.ts'
import type { TestServerOptions } from './server-options.ts'

export interface ListenOptions {
  /** @default '127.0.0.1' */
  readonly host?: string | undefined
  /** @default 0: any that is free */
  readonly port?: number | undefined
}

export interface CloseServerOptions {
  /** How long requests in flight may take to end before they are cut off. @default 10_000 */
  readonly graceMs?: number | undefined
}

/** Where a server listens. */
export interface ListeningAt {
  readonly host: string
  readonly port: number
  /** `http://HOST:PORT`, without a slash at the end. */
  readonly url: string
}

/** A request that comes through no socket. */
export interface InjectedRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | Buffer | undefined
}

export interface InjectedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** The HTTP API of a service. */
export interface HooklineServer {
  /**
   * Rejects with `InvalidOptionError` for a host that others can reach while there is no key, with `MissingDependencyError` when a
   * package is not installed, and with Node's own error when the port is taken.
   */
  listen(options?: ListenOptions): Promise<ListeningAt>
  /** Answers a request as if it had come from this machine. */
  inject(request: InjectedRequest): Promise<InjectedAnswer>
  /** Says from now on that it is not ready, ends live streams, and goes on answering. Call it before the service shuts down. */
  retire(): void
  /**
   * Retires, takes no new requests, lets those in flight end, and frees the port. The service goes on: it is its maker's to shut
   * down. Calling it again returns the same promise.
   */
  close(options?: CloseServerOptions): Promise<void>
}

const longestGraceMs = 3_600_000

/**
 * Serves the API of a service, its OpenAPI document and the page that shows it.
 *
 * @throws InvalidOptionError
 */
export function createServer(service: WebhookService, options: TestServerOptions = {}): HooklineServer {
  const settings = readServerSettings(options)
  const closing = new AbortController()
  let app: Promise<HttpApp> | null = null
  let closed: Promise<void> | null = null
  const load = (): Promise<HttpApp> => (app ??= loadApp(service, settings, closing.signal))
  const close = async (graceMs: number): Promise<void> => {
    closing.abort()
    // It may be loading still; one that could not be loaded has nothing to close.
    const loaded = await app?.catch(() => null)
    await loaded?.close(graceMs)
  }
  return {
    listen: async ({ host = '127.0.0.1', port = 0 } = {}) => (await load()).listen(host, port),
    inject: async (request) => (await load()).inject(request),
    retire: () => closing.abort(),
    close({ graceMs = 10_000 } = {}) {
      closed ??= close(checkWholeNumber(graceMs, 'graceMs', { min: 0, max: longestGraceMs }))
      return closed
    },
  }
}
