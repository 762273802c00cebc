import { systemClock } from '../clock/system-clock.ts'
import type { WebhookService } from '../webhook-service.ts'
import type { App } from './http/build-app.ts'
import { routeTable } from './routes/route-table.ts'
import { defaultLimits } from './server-limits.ts'
import { silentLog } from './server-log.ts'
import type { TableOptions } from './server-options.ts'
import { resolveWatchOptions } from './watch/watch-options.ts'
import type { Watch } from './watch/watch.ts'

export interface ListenOptions {
  /** @default '127.0.0.1' */
  readonly host?: string
  /** @default 0: any that is free */
  readonly port?: number
}

export interface CloseOptions {
  /** How long requests in flight may take to end. @default 10_000 */
  readonly graceMs?: number
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
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface InjectedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** The HTTP API of a service. */
export interface HooklineServer {
  listen(options?: ListenOptions): Promise<ListeningAt>
  /** Takes no new requests, lets those in flight end, and frees the port. The service goes on. */
  close(options?: CloseOptions): Promise<void>
  /** Answers a request as if it had come through a socket of this machine. */
  inject(request: InjectedRequest): Promise<InjectedAnswer>
}

export function createServer(service: WebhookService, options: TableOptions = {}): HooklineServer {
  const closing = new AbortController()
  const watchSettings = resolveWatchOptions(options)
  let watch: Watch | null = null
  let app: Promise<App> | null = null
  const ready = (): Promise<App> => {
    app ??= Promise.all([import('./http/build-app.ts'), import('./watch/watch.ts')]).then(
      ([{ buildApp }, { startWatch }]) => {
        const ports = {
          service,
          clock: options.clock ?? systemClock,
          log: options.log ?? silentLog,
          closing: closing.signal,
        }
        watch = startWatch(ports, watchSettings)
        return buildApp(options.routes ?? routeTable, {
          ...ports,
          limits: { ...defaultLimits, ...options.limits },
          watch,
        })
      },
    )
    return app
  }
  return {
    listen: async ({ host = '127.0.0.1', port = 0 } = {}) => (await ready()).listen(host, port),
    async close() {
      closing.abort()
      if (app !== null) await (await app).close()
      await watch?.stop()
    },
    inject: async (request) => (await ready()).inject(request),
  }
}
