import type { LogRecord, Transition, WebhookService } from '../../src/index.ts'
import { JsonlFile } from './jsonl-file.ts'

/** Writes down every record of a log as it is appended, and knows how many events of each endpoint are not settled. */
export class Recorder {
  readonly #file: JsonlFile<LogRecord>
  readonly #open = new Map<string, number>()
  readonly #stops: (() => void)[] = []

  constructor(service: WebhookService, path: string) {
    this.#file = new JsonlFile(path)
    this.#stops.push(service.log.subscribe((transition) => this.#took(transition)))
    this.#stops.push(service.log.subscribeToEndpoints((transition) => this.#file.push(transition)))
  }

  openOf(endpointId: string): number {
    return this.#open.get(endpointId) ?? 0
  }

  stop(): void {
    // What ends a subscription holds the log, and whoever reads the file later would hold both.
    for (const stop of this.#stops.splice(0)) stop()
  }

  /** In the order of `seq`: the two subscriptions are told one after the other. */
  async readAll(): Promise<LogRecord[]> {
    const records = await this.#file.readAll()
    return records.sort((one, other) => one.seq - other.seq)
  }

  #took(transition: Transition): void {
    this.#file.push(transition)
    const { endpointId, from, to } = transition
    const change = (isOpen(to) ? 1 : 0) - (isOpen(from) ? 1 : 0)
    if (change === 0) return
    const open = this.openOf(endpointId) + change
    if (open === 0) this.#open.delete(endpointId)
    else this.#open.set(endpointId, open)
  }
}

function isOpen(status: Transition['from']): boolean {
  return status === 'pending' || status === 'delivering' || status === 'backoff'
}
