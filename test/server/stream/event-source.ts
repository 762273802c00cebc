import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import { parseEvents } from './stream-events.ts'
import type { StreamEvent } from './stream-events.ts'

/** A reader of server-sent events over a real connection. */
export interface EventSource {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** Everything as it came. */
  readonly text: string
  readonly events: readonly StreamEvent[]
  /** Resolves once what was read fits. Rejects when the stream ends before. */
  until(fits: (events: readonly StreamEvent[], text: string) => boolean): Promise<void>
  /** Resolves once the stream has ended. */
  ended(): Promise<void>
  /** Reads no more until `resume`. */
  pause(): void
  resume(): void
  leave(): void
}

/** Connects; the test's end ends it. */
export async function openEventSource(url: string, headers: Record<string, string> = {}): Promise<EventSource> {
  const client = request(url, { headers, agent: false })
  onTestFinished(() => void client.destroy())
  client.on('error', () => undefined)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    client.once('response', resolve).once('error', reject).end()
  })
  let text = ''
  let tail = ''
  const events: StreamEvent[] = []
  let over = false
  let look = (): void => undefined
  response.setEncoding('utf8')
  response.on('data', (chunk: string) => {
    text += chunk
    tail += chunk
    const end = tail.lastIndexOf('\n\n') + 2
    if (end > 1) {
      events.push(...parseEvents(tail.slice(0, end)))
      tail = tail.slice(end)
    }
    look()
  })
  const closed = new Promise<void>((resolve) => {
    response.once('close', () => {
      over = true
      look()
      resolve()
    })
  })
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    get text() {
      return text
    },
    events,
    until: (fits) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (fits(events, text)) resolve()
          else if (over) reject(new Error(`the stream ended before: ${text.slice(-300)}`))
        }
        look()
      }),
    ended: () => closed,
    pause: () => void response.pause(),
    resume: () => void response.resume(),
    leave: () => void client.destroy(),
  }
}
