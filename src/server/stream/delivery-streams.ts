// The live streams that are open: who listens, and the one subscription to the log that feeds them, held only while
// somebody does.
import type { ServerResponse } from 'node:http'
import type { Clock, Timer } from '../../clock/clock.ts'
import type { Transition } from '../../log/transition.ts'
import type { WebhookService } from '../../webhook-service.ts'
import type { StreamCounts } from '../metrics/figures.ts'
import type { FaultListener } from '../faults.ts'
import { CatchUp } from './catch-up.ts'
import { EventTypes } from './event-types.ts'
import { StreamClient } from './stream-client.ts'
import type { StreamFilter } from './stream-filter.ts'
import { StreamMessage } from './stream-message.ts'
import type { StreamSettings } from './stream-options.ts'

/** Who asks for a stream, and from where on. */
export interface StreamRequest {
  readonly filter: StreamFilter
  /** The last step that the client was shown; null when it wants only what comes. */
  readonly lastSeq: number | null
  /** Whether its key would let it in now: asked at every heartbeat. */
  readonly isLetIn: () => boolean
}

export interface StreamPorts {
  readonly service: WebhookService
  readonly clock: Clock
  readonly onFault: FaultListener
}

const rememberedTypes = 10_000
/** How long a client waits before it connects again. */
const reconnectMs = 3000

export class DeliveryStreams {
  readonly #ports: StreamPorts
  readonly #settings: StreamSettings
  readonly #clients = new Set<StreamClient>()
  readonly #eventTypes: EventTypes
  #dropped = 0
  #closed = false
  #unsubscribe: (() => void) | null = null
  #heartbeat: Timer | null = null

  constructor(ports: StreamPorts, settings: StreamSettings) {
    this.#ports = ports
    this.#settings = settings
    this.#eventTypes = new EventTypes(ports.service.log, rememberedTypes)
  }

  get counts(): StreamCounts {
    return { open: this.#clients.size, dropped: this.#dropped }
  }

  /** Whether one more may listen; `tenantId` is whose key it has. */
  hasRoom(tenantId: string | null): boolean {
    const { clients, clientsPerTenant } = this.#settings
    if (this.#clients.size >= clients) return false
    if (tenantId === null) return true
    let ofTenant = 0
    for (const { filter } of this.#clients) if (filter.tenantId === tenantId) ofTenant += 1
    return ofTenant < clientsPerTenant
  }

  /** Takes over a response whose headers have been sent. */
  open(response: ServerResponse, { filter, lastSeq, isLetIn }: StreamRequest): void {
    const client = new StreamClient(response, {
      filter,
      isLetIn,
      bufferedBytes: this.#settings.bufferedBytes,
      openedAtMs: this.#ports.clock.monotonic(),
      onLeft: () => this.#left(client),
      onDropped: () => {
        this.#dropped += 1
      },
    })
    if (this.#closed) return client.end('closing')
    this.#clients.add(client)
    this.#listen()
    client.write(`retry: ${reconnectMs}\n\n`)
    if (lastSeq === null) client.live = true
    else this.#catchUp(client).start(lastSeq)
  }

  /** Ends every stream, and takes no more. */
  close(): void {
    this.#closed = true
    for (const client of this.#clients) client.end('closing')
    this.#stopListening()
  }

  #catchUp(client: StreamClient): CatchUp {
    const { service, onFault } = this.#ports
    const { log } = service
    return new CatchUp(client, { log, onFault, messageOf: this.#messageOf, limit: this.#settings.resumedSteps })
  }

  readonly #messageOf = (step: Transition): StreamMessage =>
    new StreamMessage(step, this.#ports.service, this.#eventTypes)

  readonly #tell = (step: Transition): void => {
    const message = this.#messageOf(step)
    // Remembered now, while it costs nothing: a later step of the event does not tell its type.
    this.#eventTypes.note(step)
    for (const client of this.#clients) {
      if (!client.live) continue
      if (client.lagging) this.#catchUp(client).fallBehind()
      else client.offer(message)
    }
  }

  #listen(): void {
    if (this.#unsubscribe !== null) return
    this.#unsubscribe = this.#ports.service.log.subscribe(this.#tell)
    this.#beatLater()
  }

  #stopListening(): void {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    if (this.#heartbeat !== null) this.#ports.clock.clearTimeout(this.#heartbeat)
    this.#heartbeat = null
    this.#eventTypes.clear()
  }

  #left(client: StreamClient): void {
    this.#clients.delete(client)
    if (this.#clients.size === 0) this.#stopListening()
  }

  #beatLater(): void {
    this.#heartbeat = this.#ports.clock.setTimeout(this.#beat, this.#settings.heartbeatMs)
    this.#heartbeat.unref?.()
  }

  /** Proxies cut connections on which nothing moves; and a client that has gone without a word is found out by writing. */
  readonly #beat = (): void => {
    const nowMs = this.#ports.clock.monotonic()
    for (const client of this.#clients) {
      if (client.overdue) client.destroy()
      else if (!client.open) client.overdue = true
      else if (!client.isLetIn()) client.end('key')
      // It comes back with `Last-Event-ID`.
      else if (nowMs - client.openedAtMs >= this.#settings.ageMs) client.end('age')
      else client.beat()
    }
    this.#beatLater()
  }
}
