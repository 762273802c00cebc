// Submits the lines of a file in batches, in their order, one batch at a time. A batch that is refused because of some of its
// lines is submitted again without them; which they are is asked of the service, and if it does not say, found by halving.
import type { ServiceAnswer, SubmissionResult } from './answer.ts'
import { isEventLine, readEventLine } from './event-line.ts'
import type { EventLine, LineDefaults } from './event-line.ts'
import { SubmissionStopped } from './events-client.ts'
import type { EventsClient } from './events-client.ts'
import type { FileLine } from './file-lines.ts'
import type { SubmissionTally } from './submission-report.ts'

/** A longer batch is cut, though a longer line is not. */
const batchBytes = 1024 * 1024
/** An event that could not be taken for now: the service's limits are reached. */
const forNow: ReadonlySet<number> = new Set([429, 503])
const defaultRetryMs = 1000

export class LineSubmitter {
  readonly #client: EventsClient
  readonly #tally: SubmissionTally
  readonly #defaults: LineDefaults
  readonly #batchSize: number

  constructor(client: EventsClient, tally: SubmissionTally, defaults: LineDefaults, batchSize: number) {
    this.#client = client
    this.#tally = tally
    this.#defaults = defaults
    this.#batchSize = batchSize
  }

  /** Submits lines that came together. @throws SubmissionStopped */
  async submit(lines: readonly FileLine[], onBatch: () => void): Promise<void> {
    let batch: EventLine[] = []
    let bytes = 0
    const end = async (line: number): Promise<void> => {
      await this.#submitBatch(batch)
      this.#tally.answeredTo(line)
      batch = []
      bytes = 0
      onBatch()
    }
    for (const line of lines) {
      const event = readEventLine(line, this.#defaults)
      if (event === null) continue
      if (!isEventLine(event)) {
        this.#tally.refuse({ line: event.number, code: 'INVALID_LINE', message: event.message })
        continue
      }
      if (batch.length > 0 && bytes + event.json.length > batchBytes) await end(event.number - 1)
      batch.push(event)
      bytes += event.json.length
      if (batch.length === this.#batchSize) await end(event.number)
    }
    await end(lines.at(-1)?.number ?? 0)
  }

  async #submitBatch(batch: readonly EventLine[]): Promise<void> {
    if (batch.length === 0) return
    const answer = await this.#client.submit(bodyOf(batch))
    if (answer.status === 202 || answer.status === 207) await this.#take(batch, answer)
    // All of them, for one reason: the endpoint is disabled, say.
    else if (answer.status === 409) for (const line of batch) this.#refuse(line, answer)
    else if (answer.status === 400 || answer.status === 404 || answer.status === 413) await this.#sift(batch, answer)
    else throw new SubmissionStopped(`the service answered ${answer.status}: ${answer.message || answer.code}`)
  }

  async #take(batch: readonly EventLine[], { results, retryAfterMs }: ServiceAnswer): Promise<void> {
    if (results.length !== batch.length) {
      throw new SubmissionStopped(`the service answered for ${results.length} of ${batch.length} events`)
    }
    const again: EventLine[] = []
    for (const [index, line] of batch.entries()) {
      const result = results[index]
      if (result !== undefined && !this.#settle(line, result)) again.push(line)
    }
    if (again.length === 0) return
    // What was taken of them before is known by their keys, and not taken twice.
    await this.#client.wait(`the service has no room for ${again.length} of the events`, retryAfterMs ?? defaultRetryMs)
    await this.#submitBatch(again)
  }

  /** Returns whether nothing is left to do about a line. */
  #settle(line: EventLine, { events, errors }: SubmissionResult): boolean {
    const [first] = errors.filter(({ status }) => !forNow.has(status))
    if (first === undefined && errors.length > 0) return false
    if (first === undefined) this.#tally.accept(events.length)
    else this.#tally.refuse({ line: line.number, code: first.code, message: partly(first.message, events.length) })
    return true
  }

  async #sift(batch: readonly EventLine[], answer: ServiceAnswer): Promise<void> {
    const [only] = batch
    if (batch.length === 1 && only !== undefined) {
      this.#refuse(only, answer)
      return
    }
    const wrong = new Set<number>()
    for (const { path, message } of answer.fields) {
      const [, place = '', rest = ''] = /^\/(\d+)(.*)$/.exec(path) ?? []
      const line = place === '' ? undefined : batch[Number(place)]
      if (line === undefined || wrong.has(Number(place))) continue
      wrong.add(Number(place))
      const where = rest === '' ? '' : `${rest}: `
      this.#tally.refuse({ line: line.number, code: answer.code, message: `${where}${message}` })
    }
    if (wrong.size > 0) {
      await this.#submitBatch(batch.filter((_, index) => !wrong.has(index)))
      return
    }
    const middle = Math.ceil(batch.length / 2)
    await this.#submitBatch(batch.slice(0, middle))
    await this.#submitBatch(batch.slice(middle))
  }

  #refuse(line: EventLine, { code, message, fields }: ServiceAnswer): void {
    const details = fields.map((field) => `${field.path.replace(/^\/0/, '')}: ${field.message}`).join('; ')
    this.#tally.refuse({ line: line.number, code, message: details === '' ? message : details })
  }
}

/** A batch is always an array, so that its answer has one form. */
function bodyOf(batch: readonly EventLine[]): Buffer {
  const parts: Buffer[] = []
  for (const { json } of batch) parts.push(Buffer.from(parts.length === 0 ? '[' : ','), json)
  return Buffer.concat([...parts, Buffer.from(']')])
}

function partly(message: string, events: number): string {
  return events === 0 ? message : `${message} (accepted for ${events} other endpoints)`
}
