import { countText } from '../number-text.ts'

/** A line that is not submitted, and why. */
export interface RefusedLine {
  readonly line: number
  readonly code: string
  readonly message: string
}

/** What became of a file so far. */
export interface SubmissionReport {
  readonly source: string
  /** How many lines were accepted. */
  readonly submitted: number
  /** How many events they made: one for each endpoint. */
  readonly events: number
  /** How many of the accepted lines reached no endpoint, because none is subscribed to their type. */
  readonly unsubscribed: number
  readonly refused: number
  /** Why, of the first thousand. */
  readonly refusals: readonly RefusedLine[]
  /** Why it ended before the end of the file; null when it did not. */
  readonly stopped: string | null
  /** The last line that is accepted or refused, and so are all before it; 0 when there is none. */
  readonly answeredLine: number
}

const mostRefusals = 1000

/** Adds up what becomes of a file's lines. */
export class SubmissionTally {
  readonly #source: string
  readonly #refusals: RefusedLine[] = []
  #submitted = 0
  #events = 0
  #unsubscribed = 0
  #refused = 0
  #answeredLine = 0

  constructor(source: string) {
    this.#source = source
  }

  accept(events: number): void {
    this.#submitted += 1
    this.#events += events
    if (events === 0) this.#unsubscribed += 1
  }

  refuse(refusal: RefusedLine): void {
    this.#refused += 1
    if (this.#refusals.length < mostRefusals) this.#refusals.push(refusal)
  }

  answeredTo(line: number): void {
    this.#answeredLine = line
  }

  get progress(): string {
    const refused = this.#refused === 0 ? '' : `, ${countText(this.#refused, 'line')} refused`
    return `${countText(this.#submitted, 'line')} submitted${refused}`
  }

  report(stopped: string | null): SubmissionReport {
    return {
      source: this.#source,
      submitted: this.#submitted,
      events: this.#events,
      unsubscribed: this.#unsubscribed,
      refused: this.#refused,
      refusals: [...this.#refusals].sort((one, other) => one.line - other.line),
      stopped,
      answeredLine: this.#answeredLine,
    }
  }
}

/** The sum of it, for people. */
export function summaryText({ submitted, events, unsubscribed, refused }: SubmissionReport): string {
  const parts = [`${countText(submitted, 'line')} submitted, ${countText(events, 'event')} accepted`]
  if (unsubscribed > 0) parts.push(`${countText(unsubscribed, 'line')} with no endpoint subscribed`)
  if (refused > 0) parts.push(`${countText(refused, 'line')} refused`)
  return parts.join('; ')
}
