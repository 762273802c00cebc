import { classifyError, headTooLong, notAnswering, notHttp } from './classify-error.ts'
import type { OpenBodies, OpenBody } from './open-bodies.ts'
import { snippetText } from './snippet-text.ts'
import type { AnswerReceiver, InFlightRequest, Reach, TransportResult } from './transport.ts'

/** How much of an answer is read, and how much of its body is kept. */
export interface AnswerLimits {
  readonly snippetBytes: number
  readonly bodyBytes: number
}

/** The connection a request goes out on. */
export interface RequestCarrier {
  /** The request is being written to its socket, now. */
  writing(): void
  /**
   * The request is over. `reusable`: the answer was read to its end; otherwise the connection is to be destroyed,
   * whatever it is doing.
   */
  over(reusable: boolean): void
}

const noBytes = Buffer.alloc(0)
/** How long the headers of an answer may be, all together. */
const headerBytes = 16 * 1024
/** How much is read of an answer whose headers do not end: a status text and informational answers count as well. */
const headBytes = 32 * 1024
const switchingProtocols = 101
/** The longest valid `Retry-After` is a date of 33 characters. */
const longestRetryAfter = 64

/**
 * One request under way: undici's handler for its answer, and the caller's grip on it.
 *
 * The status line decides. Once the headers of a final status are in, the result is `answered`, whatever becomes of
 * the body: it is read to its end, to `bodyBytes`, or to the end of its time, and cut off there. There is one object
 * per request and no closure, promise or stream, because this is the path of every delivery.
 */
export class ResponseHandler implements InFlightRequest, OpenBody {
  openedInRound = 0
  private receiver: AnswerReceiver | null
  private readonly carrier: RequestCarrier
  private readonly bodies: OpenBodies
  private readonly limits: AnswerLimits
  private insideSend = true
  /** Whether the request has been handed to a connected socket: before that no byte of it can have left. */
  written = false
  private status = 0
  private retryAfter: string | null = null
  private bodyBytes = 0
  private kept: Buffer = noBytes

  constructor(receiver: AnswerReceiver, carrier: RequestCarrier, bodies: OpenBodies, limits: AnswerLimits) {
    this.receiver = receiver
    this.carrier = carrier
    this.bodies = bodies
    this.limits = limits
  }

  /** `send` is about to return: from now on the receiver may be called at once. */
  sendReturns(): void {
    this.insideSend = false
  }

  abort(reason: 'timeout' | 'aborted'): void {
    if (this.receiver === null) return
    if (this.status !== 0) return this.settleAnswered(false)
    const reach: Reach = this.written ? 'unknown' : 'notSent'
    const message = reason === 'timeout' ? timeoutMessage(this.written) : 'given up by hookline'
    this.settle({ kind: 'failed', reason, message, reach }, false)
  }

  overdue(): void {
    this.settleAnswered(false)
  }

  /**
   * The connection: so many bytes of the answer have been read, framing and all. A body has a second, exact count of
   * its own; this one ends what has no body to count, such as chunks of one byte or an endless chunk extension.
   */
  bytesRead(bytes: number): void {
    if (this.status === 0) {
      if (bytes > headBytes) this.settle(headTooLong, false)
    } else if (bytes > Math.max(headBytes, this.limits.bodyBytes)) this.settleAnswered(false)
  }

  /** undici: the request is being written to its socket, now. */
  onConnect(): void {
    this.written = true
    this.carrier.writing()
  }

  /** undici: a status line and its headers are in. */
  onHeaders(status: number, headers: readonly Buffer[]): boolean {
    if (this.receiver === null) return true
    if (status < 200) {
      // 1xx announces an answer and is none; nothing comes after a 101, and there is no status below 100.
      if (status < 100) this.settle(notHttp, false)
      else if (status === switchingProtocols) this.settle(notAnswering, false)
      return true
    }
    if (lengthOf(headers) > headerBytes) {
      this.settle(headTooLong, false)
      return true
    }
    this.status = status
    this.retryAfter = findRetryAfter(headers)
    this.bodies.add(this)
    return true
  }

  /** undici: a piece of the body. */
  onData(chunk: Buffer): boolean {
    if (this.receiver === null) return true
    const room = this.limits.snippetBytes - this.kept.length
    if (room > 0) {
      const part = chunk.length > room ? chunk.subarray(0, room) : chunk
      this.kept = this.kept.length === 0 ? part : Buffer.concat([this.kept, part])
    }
    this.bodyBytes += chunk.length
    if (this.bodyBytes > this.limits.bodyBytes) this.settleAnswered(false)
    return true
  }

  /** undici: the answer is complete. */
  onComplete(): void {
    this.settleAnswered(true)
  }

  /** undici: the connection or the request failed. */
  onError(error: Error): void {
    if (this.status !== 0) this.settleAnswered(false)
    else this.settle(classifyError(error, this.written), false)
  }

  private settleAnswered(reusable: boolean): void {
    const { status, retryAfter } = this
    this.bodies.delete(this)
    if (this.receiver === null) return
    const snippet = snippetText(this.kept, this.bodyBytes > this.kept.length)
    this.settle({ kind: 'answered', status, retryAfter, snippet }, reusable)
  }

  private settle(result: TransportResult, reusable: boolean): void {
    const receiver = this.receiver
    if (receiver === null) return
    this.receiver = null
    this.kept = noBytes
    // Before the receiver hears of it: it may send the next request at once, and wants this connection or a new one.
    this.carrier.over(reusable)
    if (this.insideSend) queueMicrotask(() => report(receiver, result))
    else report(receiver, result)
  }
}

/** A receiver that throws is a bug; it surfaces as an uncaught exception instead of vanishing inside undici. */
function report(receiver: AnswerReceiver, result: TransportResult): void {
  try {
    receiver.answered(result)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function timeoutMessage(written: boolean): string {
  return written ? 'no answer in time' : 'no connection in time'
}

/** As on the wire: a name has two bytes after it, and so has a value. */
function lengthOf(headers: readonly Buffer[]): number {
  let length = 0
  for (const part of headers) length += part.length + 2
  return length
}

function findRetryAfter(headers: readonly Buffer[]): string | null {
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]
    if (name?.length !== 11 || name.toString('latin1').toLowerCase() !== 'retry-after') continue
    const value = headers[index + 1]
    return value === undefined || value.length > longestRetryAfter ? null : value.toString('latin1')
  }
  return null
}
