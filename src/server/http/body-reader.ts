// Reads the bodies of requests. What all bodies that are not answered yet take together has a bound, so that many large
// ones at once cannot fill the memory.
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { ApiError } from './api-error.ts'
import { jsonFault } from './json-fault.ts'
import { noBody } from './request-body.ts'
import type { RequestBody } from './request-body.ts'

export interface BodyLimits {
  /** Of one body. */
  readonly bodyBytes: number
  /** Of all bodies of requests that are not answered yet. */
  readonly bodiesBytes: number
}

/** Of a body without payloads. Millions of names or items cost seconds to read, whatever is refused then. */
const plainBodyBytes = 256 * 1024
const otherCharset = /;\s*charset\s*=\s*(?!"?utf-?8"?\s*(?:;|$))/i

export class BodyReader {
  readonly #limits: BodyLimits
  #heldBytes = 0

  constructor(limits: BodyLimits) {
    this.#limits = limits
  }

  /** What has come so far of all bodies that are not answered yet. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /**
   * Reads a JSON body to its end.
   *
   * @param takesPayloads whether it may be as long as any
   * @param onAnswered is given what to call when the request has been answered, or its sender has gone
   * @throws ApiError 400, 413, 415, 503
   */
  async read(
    request: IncomingMessage,
    takesPayloads: boolean,
    onAnswered: (release: () => void) => void,
  ): Promise<RequestBody> {
    checkForm(request)
    const { bodyBytes } = this.#limits
    const mostBytes = takesPayloads ? bodyBytes : Math.min(bodyBytes, plainBodyBytes)
    const held = new HeldBytes((bytes) => this.#take(bytes))
    onAnswered(() => held.release())
    const declared = Number(request.headers['content-length'] ?? 0)
    if (declared > mostBytes) throw tooLarge(mostBytes)
    const bytes = await bytesOf(request, (length) => {
      if (length > mostBytes) throw tooLarge(mostBytes)
      held.growTo(length)
    })
    return parse(bytes)
  }

  #take(bytes: number): void {
    if (bytes > 0 && this.#heldBytes + bytes > this.#limits.bodiesBytes) {
      throw new ApiError(503, 'SERVER_BUSY', 'the server holds as many bodies as it can; send this one again later', {
        headers: { 'retry-after': '1' },
      })
    }
    this.#heldBytes += bytes
  }
}

function tooLarge(mostBytes: number): ApiError {
  return new ApiError(413, 'BODY_TOO_LARGE', `this body may have at most ${mostBytes} bytes`)
}

/** What one body has taken of what all may take together. */
class HeldBytes {
  readonly #take: (bytes: number) => void
  #bytes = 0

  constructor(take: (bytes: number) => void) {
    this.#take = take
  }

  growTo(bytes: number): void {
    if (bytes <= this.#bytes) return
    this.#take(bytes - this.#bytes)
    this.#bytes = bytes
  }

  release(): void {
    this.#take(-this.#bytes)
    this.#bytes = 0
  }
}

function checkForm({ headers }: IncomingMessage): void {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', 'a body is taken without a Content-Encoding only')
  }
  if (otherCharset.test(headers['content-type'] ?? '')) {
    throw new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', 'a body is taken in UTF-8 only')
  }
}

const none = Buffer.alloc(0)

/**
 * Into one buffer: in pieces of a byte each, a list of them would take a hundred times what the body does.
 *
 * @param onLength hears how long the body is so far; what it throws ends the reading
 */
function bytesOf(request: IncomingMessage, onLength: (length: number) => void): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let buffer: Buffer = none
    let length = 0
    const take = (chunk: Buffer): void => {
      try {
        onLength(length + chunk.length)
      } catch (error) {
        request.off('data', take)
        buffer = none
        reject(error as Error) // an ApiError
        return
      }
      // Most bodies come in one piece, which is not copied: nothing is kept of it beyond its text.
      if (length === 0) buffer = chunk
      else chunk.copy((buffer = withRoomFor(chunk.length, buffer, length)), length)
      length += chunk.length
    }
    request.on('data', take)
    request.once('end', () => resolve(buffer.subarray(0, length)))
    // A body that is cut off ends with neither; nobody is left to hear of it.
    request.once('close', () => {
      if (!request.complete) reject(new ApiError(400, 'BODY_CUT_OFF', 'the body ended too early'))
    })
  })
}

function withRoomFor(bytes: number, buffer: Buffer, length: number): Buffer {
  if (length + bytes <= buffer.length) return buffer
  const grown = Buffer.allocUnsafeSlow(Math.max(length + bytes, 2 * buffer.length))
  buffer.copy(grown, 0, 0, length)
  return grown
}

function parse(bytes: Buffer): RequestBody {
  if (bytes.length === 0) return noBody
  if (!isUtf8(bytes)) throw new ApiError(400, 'MALFORMED_JSON', 'the body is not UTF-8')
  const text = bytes.toString('utf8')
  try {
    // Names such as __proto__ are kept: they are a payload's own, and nothing here copies one object into another.
    const value: unknown = JSON.parse(text)
    return { value, text }
  } catch {
    const { position, line, column } = jsonFault(text)
    const message = `the body is not JSON from position ${position} (line ${line}, column ${column}) on`
    throw new ApiError(400, 'MALFORMED_JSON', message, { fields: [{ path: '', message }] })
  }
}
