// What anyone outside the process knew at a moment of its recorded life: what it had said to the controller and sent to
// receivers by then.
import type { ServiceNotice, ServiceReply } from '../service/message.ts'
import type { UnnumberedOrder } from '../service-process.ts'
import type { SentBytes } from './disk-op.ts'
import type { RecordedLife } from './record.ts'

/** The descriptor over which Node talks to the process that forked it: the first after the standard ones. */
const controllerDescriptor = 3

export interface SentRequest {
  readonly eventId: string
  readonly attempt: number
}

/** Every record that subscribers were told of in the course of `lives`, by its number. */
export function allTold(lives: readonly RecordedLife[]): ReadonlyMap<number, string> {
  const said = new Said()
  for (const { ops, orders } of lives) {
    said.startLife(orders)
    for (const op of ops) if (op.type === 'sent') said.hear(op)
  }
  return said.told
}

export class Said {
  /** Ids of events whose submission was acknowledged. */
  readonly acknowledged = new Set<string>()
  /** Dead letters of which a redelivery was acknowledged. */
  readonly redelivered = new Set<string>()
  /** Endpoints whose registration was acknowledged, with the last version of their settings that was. */
  readonly versions = new Map<string, number>()
  /** The records that subscribers were told of, by their number. */
  readonly told = new Map<number, string>()
  readonly requests: SentRequest[] = []
  #orders: ReadonlyMap<number, UnnumberedOrder> = new Map()
  #partial: Buffer = Buffer.alloc(0)

  /** A process was started, which is asked `orders`. */
  startLife(orders: ReadonlyMap<number, UnnumberedOrder>): void {
    this.#orders = orders
    this.#partial = Buffer.alloc(0)
  }

  hear({ descriptor, data }: SentBytes): void {
    if (descriptor !== controllerDescriptor) return this.#request(data)
    const text = Buffer.concat([this.#partial, data])
    const end = text.lastIndexOf('\n') + 1
    this.#partial = text.subarray(end)
    for (const line of String(text.subarray(0, end)).split('\n')) {
      // Written by the service's process of this very torture.
      if (line.startsWith('{"type"')) this.#message(JSON.parse(line) as ServiceNotice | ServiceReply)
    }
  }

  /** The head of a request is written in one piece. */
  #request(data: Buffer): void {
    const head = data.toString('latin1')
    const [, eventId] = /^x-event-id: (.+?)\r$/im.exec(head) ?? []
    const [, attempt] = /^x-event-attempt: (\d+)\r$/im.exec(head) ?? []
    if (eventId !== undefined && attempt !== undefined) this.requests.push({ eventId, attempt: Number(attempt) })
  }

  #message(message: ServiceNotice | ServiceReply): void {
    if (message.type === 'records') {
      for (const line of message.lines) this.told.set((JSON.parse(line) as { readonly seq: number }).seq, line)
    } else if (message.type === 'done') {
      for (const eventId of message.eventIds) this.acknowledged.add(eventId)
      const order = this.#orders.get(message.call)
      if (order?.type === 'do') this.#done(order)
    }
  }

  #done({ deed }: Extract<UnnumberedOrder, { readonly type: 'do' }>): void {
    if (deed.type === 'redeliver') this.redelivered.add(deed.eventId)
    const settings = deed.type === 'register' ? deed.options : deed.type === 'update' ? deed.patch : null
    if (settings === null || !('endpointId' in deed)) return
    const version = Number(settings.description?.replace('version ', ''))
    this.versions.set(deed.endpointId, Math.max(version, this.versions.get(deed.endpointId) ?? 0))
  }
}
