import type { FastifyInstance } from 'fastify'
import { refuseOption } from '../../options/refuse-option.ts'
import type { InjectedAnswer, InjectedRequest, ListeningAt } from '../create-server.ts'
import type { Route } from '../routes/route.ts'
import type { ServerContext } from '../server-context.ts'
import { buildApp } from './build-app.ts'
import { isLoopback } from './own-requests.ts'

/** An application that listens, and ends in good order. */
export class HttpApp {
  readonly #app: FastifyInstance
  readonly #context: ServerContext
  readonly #stop: () => void

  private constructor(app: FastifyInstance, context: ServerContext, stop: () => void) {
    this.#app = app
    this.#context = context
    this.#stop = stop
  }

  static async build(routes: readonly Route[], context: ServerContext): Promise<HttpApp> {
    let isStopping = false
    const app = await buildApp(routes, { context, isStopping: () => isStopping })
    return new HttpApp(app, context, () => (isStopping = true))
  }

  /** @throws InvalidOptionError for a host that others can reach, while there is no key */
  async listen(host: string, port: number): Promise<ListeningAt> {
    if (this.#context.keys.empty && !isLoopback(host)) {
      refuseOption('host', 'must be 127.0.0.1, localhost or ::1 as long as there is no key', host)
    }
    // By its name Fastify would open two listeners, of which the limits of connections would hold one.
    await this.#app.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port })
    const address = this.#app.server.address()
    const bound = typeof address === 'object' && address !== null ? address.port : port
    return { host, port: bound, url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}` }
  }

  async inject({ method, path, headers = {}, body }: InjectedRequest): Promise<InjectedAnswer> {
    const payload = body === undefined ? {} : { payload: body }
    // Any method is answered, if only by saying which would be right.
    const answer = await this.#app.inject({ method: method as 'GET', url: path, headers, ...payload })
    return { status: answer.statusCode, headers: answer.headers, text: answer.body }
  }

  async close(graceMs: number): Promise<void> {
    const { clock, watch } = this.#context
    this.#stop()
    const timer = clock.setTimeout(() => this.#app.server.closeAllConnections(), graceMs)
    await this.#app.close()
    clock.clearTimeout(timer)
    await watch.stop()
  }
}
