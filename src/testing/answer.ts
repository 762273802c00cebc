import { describeValue } from '../errors/describe-value.ts'
import { InvalidOptionError } from '../errors/errors.ts'
import type { ReceivedRequest } from './received-request.ts'

/** An HTTP answer in full. */
export interface ScriptedResponse {
  /** 200 to 999, so that statuses no standard knows can be tried too. */
  status: number
  headers?: Readonly<Record<string, string>>
  /** @default '' */
  body?: string
  /** How long the request is held before the answer, 0 to 2^31-1. @default 0 */
  delayMs?: number
}

/**
 * What a receiver does with a request: a status, a whole response, `'hang'` (keeps the connection open and never
 * answers) or `'reset'` (breaks the connection).
 */
export type FixedAnswer = number | ScriptedResponse | 'hang' | 'reset'

/** An answer, or a function that decides it for each request, now or later. */
export type Answer = FixedAnswer | ((request: ReceivedRequest) => FixedAnswer | Promise<FixedAnswer>)

const longestDelayMs = 2 ** 31 - 1

/** Refuses what is not an answer, so that a slip in a test fails where it was written. */
export function requireAnswer(where: string, answer: Answer): void {
  if (answer === 'hang' || answer === 'reset' || typeof answer === 'function') return
  const response = typeof answer === 'number' ? { status: answer } : answer
  if (!isObject(response)) {
    throw new InvalidOptionError(
      `${where}: an answer must be a status, { status, headers, body, delayMs }, 'hang', 'reset' or a function, ` +
        `got ${describeValue(answer)}`,
      'answer',
      answer,
    )
  }
  const { status, delayMs = 0 } = response
  if (!Number.isInteger(status) || status < 200 || status > 999) {
    throw new InvalidOptionError(
      `${where}: status must be a whole number from 200 to 999, got ${describeValue(status)}`,
      'status',
      status,
    )
  }
  if (!(delayMs >= 0 && delayMs <= longestDelayMs)) {
    throw new InvalidOptionError(
      `${where}: delayMs must be a number from 0 to ${longestDelayMs}, got ${describeValue(delayMs)}`,
      'delayMs',
      delayMs,
    )
  }
}

/** The type promises one; callers without types may pass anything. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
