// The live streams that a sequence of calls opens: read while it goes on, and judged when they end.
import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { parseEvents } from '../stream/stream-events.ts'
import type { JudgedAnswer } from './api-document.ts'

/** A request as it goes out. */
export interface SentRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

interface OpenStream {
  readonly client: ClientRequest
  /** What it was asked to show: by the query, nothing else. */
  readonly filter: URLSearchParams
  text: string
  /** Calls after which it is closed. */
  left: number
}

export class FuzzedStreams {
  readonly #origin: URL
  readonly #open: OpenStream[] = []
  #steps = 0

  constructor(url: string) {
    this.#origin = new URL(url)
  }

  /** Steps that streams have shown. */
  get steps(): number {
    return this.#steps
  }

  /** Sends a request through a real connection; a stream that it opens stays so for some calls. */
  async send({ method, path, headers, body }: SentRequest, stays: number, hosts = 1): Promise<JudgedAnswer> {
    const { hostname, port, host } = this.#origin
    const length: readonly [string, string][] =
      body === undefined ? [] : [['content-length', `${Buffer.byteLength(body)}`]]
    const ownHosts = headers['host'] === undefined ? Array<[string, string]>(hosts).fill(['host', host]) : []
    const lines = [...ownHosts, ...Object.entries(headers), ...length].flat()
    const client = request({ hostname, port, method, path, headers: lines, agent: false })
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      client.once('response', resolve).once('error', reject).end(body)
    })
    client.on('error', () => undefined)
    response.setEncoding('utf8')
    const { statusCode: status = 0, headers: received } = response
    if (received['content-type']?.startsWith('text/event-stream') !== true) {
      let text = ''
      for await (const chunk of response) text += String(chunk)
      return { status, headers: received, text }
    }
    const stream = { client, filter: new URL(path, this.#origin).searchParams, text: '', left: stays }
    response.on('error', () => undefined).on('data', (chunk: string) => (stream.text += chunk))
    this.#open.push(stream)
    return { status, headers: received, text: '' }
  }

  /** Lets what has come be read, and closes the streams that were open for long enough. Says what was wrong with them. */
  async pass(): Promise<string | null> {
    if (this.#open.length === 0) return null
    await new Promise((resolve) => setImmediate(resolve))
    for (const stream of this.#open) stream.left -= 1
    return this.#close((stream) => stream.left < 0)
  }

  /** Closes all of them. */
  end(): string | null {
    return this.#close(() => true)
  }

  #close(isOver: (stream: OpenStream) => boolean): string | null {
    const closed = this.#open.filter(isOver)
    for (const stream of closed) {
      stream.client.destroy()
      this.#open.splice(this.#open.indexOf(stream), 1)
    }
    return closed.map((stream) => this.#faultIn(stream)).find((fault) => fault !== null) ?? null
  }

  #faultIn({ text, filter }: OpenStream): string | null {
    let last = 0
    for (const { type, id, data } of parseEvents(text.slice(0, text.lastIndexOf('\n\n') + 2))) {
      if (type === 'end' || type === 'gap') continue
      if (type !== 'step') return `the stream tells of ${type}`
      this.#steps += 1
      const { seq, endpointId, status } = Object(data) as { seq: unknown; endpointId: unknown; status: unknown }
      if (String(seq) !== id || Number(seq) <= last) return `step ${id} comes after step ${last}, as ${String(seq)}`
      last = Number(seq)
      if ((filter.get('endpointId') ?? endpointId) !== endpointId) return `the step ${id} is of another webhook`
      if ((filter.get('status') ?? status) !== status) return `the step ${id} leads to another state`
    }
    return null
  }
}
