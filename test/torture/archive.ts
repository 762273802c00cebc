// Every record that was ever committed, as subscribers were told of it and as the file had it after each death. Retention
// takes records out of the file; the archive keeps them, so that the whole run can be judged at the end.
import { isEndpointTransition, type LogRecord, type Transition } from '../../src/index.ts'

interface KeptEvent {
  readonly seqs: number[]
  endpointId: string
  status: Transition['to']
  attempts: number
}

/** A request that was in flight when the process died. */
export interface OpenAttempt {
  readonly eventId: string
  readonly attempt: number
}

/** What a file held after a death. */
export interface FileRecords {
  readonly lines: ReadonlyMap<number, string>
  /** The highest number ever given, as the file says. */
  readonly lastSeq: number
}

export class Archive {
  /** What was found wrong, as it was found. */
  readonly wrong: string[] = []
  readonly #lines = new Map<number, string>()
  readonly #records = new Map<number, LogRecord>()
  /** Events that the file should still hold. */
  readonly #kept = new Map<string, KeptEvent>()
  readonly #openByEndpoint = new Map<string, number>()
  #toldSeq = 0
  #swept = 0

  /** Events that retention has removed. */
  get swept(): number {
    return this.#swept
  }

  /** In the order of `seq`. */
  get records(): LogRecord[] {
    return [...this.#records.values()].sort((one, other) => one.seq - other.seq)
  }

  /** Takes in what subscribers were told: it was committed then. */
  told(lines: readonly string[]): void {
    for (const line of lines) this.#toldSeq = Math.max(this.#toldSeq, this.#add(line, 'a subscriber was told'))
  }

  /** How many events of an endpoint are not settled, as far as is known. */
  unsettledOf(endpointId: string): number {
    return this.#openByEndpoint.get(endpointId) ?? 0
  }

  /** Those that are dead letters now. */
  deadLetters(): string[] {
    return Array.from(this.#kept)
      .filter(([, { status }]) => status === 'deadLettered')
      .map(([eventId]) => eventId)
  }

  unsettled(): string[] {
    return Array.from(this.#kept)
      .filter(([, { status }]) => isUnsettled(status))
      .map(([eventId]) => eventId)
  }

  /** Takes in what the file held when the process was dead, and gives back what was in flight then. */
  compare({ lines, lastSeq }: FileRecords, death: string): OpenAttempt[] {
    if (lastSeq < this.#toldSeq) {
      this.wrong.push(`${death}: a subscriber was told of record ${this.#toldSeq}, and the file ends at ${lastSeq}`)
    }
    for (const line of lines.values()) this.#add(line, `${death}: the file says`)
    for (const [eventId, event] of this.#kept) this.#look(eventId, event, lines, death)
    return Array.from(this.#kept)
      .filter(([, { status }]) => status === 'delivering')
      .map(([eventId, { attempts }]) => ({ eventId, attempt: attempts }))
  }

  #look(eventId: string, { seqs, status }: KeptEvent, lines: ReadonlyMap<number, string>, death: string): void {
    const missing = seqs.filter((seq) => !lines.has(seq))
    if (missing.length === 0) return
    if (missing.length < seqs.length || isUnsettled(status)) {
      this.wrong.push(`${death}: ${eventId} is ${status}, and of its records the file lacks ${missing.join(', ')}`)
    } else {
      this.#swept += 1
    }
    this.#kept.delete(eventId)
  }

  /** @returns its number */
  #add(line: string, source: string): number {
    // Written by hookline, and checked by folding it at the end.
    const record = JSON.parse(line) as LogRecord
    const { seq } = record
    const known = this.#lines.get(seq)
    if (known === undefined) {
      this.#lines.set(seq, line)
      this.#records.set(seq, record)
      if (!isEndpointTransition(record)) this.#follow(record)
    } else if (known !== line) {
      this.wrong.push(`${source} that record ${seq} is ${line}, and it was ${known}`)
    }
    return seq
  }

  #follow({ seq, eventId, endpointId, from, to, attempts }: Transition): void {
    const known = this.#kept.get(eventId) ?? { seqs: [], endpointId, status: to, attempts }
    this.#kept.set(eventId, known)
    known.seqs.push(seq)
    known.status = to
    known.attempts = attempts
    const change = Number(isUnsettled(to)) - Number(isUnsettled(from))
    this.#openByEndpoint.set(endpointId, this.unsettledOf(endpointId) + change)
  }
}

function isUnsettled(status: Transition['from']): boolean {
  return status === 'pending' || status === 'delivering' || status === 'backoff'
}
