import { describeValue } from '../errors/describe-value.ts'
import { InvalidOptionError } from '../errors/errors.ts'
import type { Answer } from './answer.ts'
import { requireAnswer } from './answer.ts'
import type { ReceivedRequest } from './received-request.ts'

/** Which requests an answer is for: those of an event id, of a path (begins with `/`), or all a predicate picks. */
export type RequestMatch = string | ((request: ReceivedRequest) => boolean)

interface Rule {
  readonly matches: (request: ReceivedRequest) => boolean
  readonly answers: Answer[]
}

/** The answers a receiver still has to give, in order. Gives each once, then the standing answer for ever. */
export class AnswerScript {
  readonly #standing: Answer
  readonly #queue: Answer[] = []
  readonly #rules: Rule[] = []

  constructor(standing: Answer) {
    requireAnswer('createReceiver: default', standing)
    this.#standing = standing
  }

  add(answers: readonly Answer[]): void {
    for (const answer of answers) requireAnswer('respond', answer)
    this.#queue.push(...answers)
  }

  addFor(match: RequestMatch, answers: readonly Answer[]): void {
    for (const answer of answers) requireAnswer('respondTo', answer)
    this.#rules.push({ matches: predicate(match), answers: [...answers] })
  }

  /** Takes the answer for this request: of the first rule that matches and has one left, else of the queue. */
  take(request: ReceivedRequest): Answer {
    for (const rule of this.#rules) {
      if (rule.answers.length === 0 || !rule.matches(request)) continue
      return rule.answers.shift() ?? this.#standing
    }
    return this.#queue.shift() ?? this.#standing
  }
}

function predicate(match: RequestMatch): (request: ReceivedRequest) => boolean {
  if (typeof match === 'function') return match
  if (typeof match !== 'string' || match === '') {
    throw new InvalidOptionError(
      `respondTo: match must be an event id, a path that begins with "/", or a function, got ${describeValue(match)}`,
      'match',
      match,
    )
  }
  return match.startsWith('/') ? (request) => request.path === match : (request) => request.eventId === match
}
