// One answer to one request, right or wrong, byte by byte. What is still to be written stops when the connection closes.
import type { Duplex } from 'node:stream'
import { gzipSync } from 'node:zlib'
import type { Dice } from '../dice.ts'
import type { RequestFault } from '../faults.ts'
import { answerText, lateSurplusStatus, packedSurplusStatus, type AnswerName } from './received-attempt.ts'

/** What a fault works with. */
export interface Exchange {
  /** The connection, TLS or not. */
  readonly stream: Duplex
  readonly dice: Dice
  readonly request: Omit<AnswerName, 'kind'>
  /** Notes the status of the true answer. */
  readonly answered: (status: number) => void
  /** Ends the connection with a reset. */
  readonly reset: () => void
}

type Misbehaviour = (exchange: Exchange) => void

const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024))
const headers10000 = Array.from({ length: 10_000 }, (_, index) => `x-${index}: ${index}\r\n`).join('')

/** Carries out what was drawn. */
export function misbehave(fault: RequestFault, exchange: Exchange): void {
  misbehaviours[fault](exchange)
}

const misbehaviours: Readonly<Record<RequestFault, Misbehaviour>> = {
  none: (exchange) => answer(exchange, exchange.dice.oneOf([200, 200, 200, 201, 202, 204])),
  slow: (exchange) => later(exchange, exchange.dice.between(20, 400), () => answer(exchange, 200)),
  hang: () => undefined,
  reset: ({ reset }) => reset(),
  fin: ({ stream }) => stream.end(),
  status500: (exchange) => answer(exchange, 500),
  status503: (exchange) => answer(exchange, 503, retryAfter),
  status404: (exchange) => answer(exchange, 404),
  status429: (exchange) => answer(exchange, 429, retryAfter),
  gone: (exchange) => answer(exchange, 410),
  redirect: (exchange) => answer(exchange, 307, 'location: http://127.0.0.1:1/elsewhere\r\n'),
  surplus: (exchange) => {
    answer(exchange, 200)
    later(exchange, exchange.dice.between(0, 40), () => write(exchange, surplusAnswer(exchange, lateSurplusStatus)))
  },
  twoInOne: (exchange) => {
    const text = trueAnswer(exchange, 200) + surplusAnswer(exchange, packedSurplusStatus)
    if (write(exchange, text)) exchange.answered(200)
  },
  endlessBody: (exchange) => {
    if (write(exchange, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')) exchange.answered(200)
    repeat(exchange, 5, () => `1000\r\n${'x'.repeat(4096)}\r\n`)
  },
  gzipBomb: (exchange) => {
    const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`
    if (write(exchange, head)) exchange.answered(200)
    write(exchange, bomb)
  },
  drippedHeaders: (exchange) => repeat(exchange, 25, dripping('HTTP/1.1 200 OK\r\nx-slow: ', 'x')),
  drippedBody: (exchange) => {
    if (write(exchange, 'HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n')) exchange.answered(200)
    repeat(exchange, 50, () => 'x')
  },
  endless103: (exchange) => repeat(exchange, 10, () => 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'),
  manyHeaders: (exchange) => {
    if (write(exchange, `HTTP/1.1 500 X\r\n${headers10000}content-length: 0\r\n\r\n`)) exchange.answered(500)
  },
  garbage: ({ stream, dice }) => {
    stream.end(Buffer.from(Array.from({ length: dice.whole(1, 400) }, () => dice.whole(0, 255))))
  },
  oddStatus: (exchange) => answer(exchange, exchange.dice.oneOf([600, 700, 999])),
  illegalFraming: (exchange) => {
    const head = 'HTTP/1.1 500 X\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n'
    if (write(exchange, `${head}0\r\n\r\n`)) exchange.answered(500)
  },
  halfClosed: (exchange) => {
    answer(exchange, 200)
    exchange.stream.end()
  },
}

const retryAfter = 'retry-after: 1\r\n'

function answer(exchange: Exchange, status: number, more = ''): void {
  if (write(exchange, trueAnswer(exchange, status, more))) exchange.answered(status)
}

function trueAnswer({ request }: Exchange, status: number, more = ''): string {
  return wholeAnswer(status, status === 204 ? '' : answerText({ ...request, kind: 'true' }), more)
}

function surplusAnswer({ request }: Exchange, status: number): string {
  return wholeAnswer(status, answerText({ ...request, kind: 'surplus' }), '')
}

function wholeAnswer(status: number, text: string, more: string): string {
  const length = status === 204 ? '' : `content-length: ${text.length}\r\n`
  return `HTTP/1.1 ${status} X\r\n${more}${length}\r\n${text}`
}

/** Whether the connection was still open, as far as one can tell. */
function write({ stream }: Exchange, data: string | Buffer): boolean {
  if (stream.destroyed || stream.writableEnded) return false
  stream.write(data)
  return true
}

function later({ stream }: Exchange, delayMs: number, then: () => void): void {
  const timer = setTimeout(then, delayMs)
  stream.once('close', () => clearTimeout(timer))
}

/** Writes for as long as the connection is open and read. */
function repeat(exchange: Exchange, everyMs: number, next: () => string): void {
  const timer = setInterval(() => {
    if (!exchange.stream.writableNeedDrain) write(exchange, next())
  }, everyMs)
  exchange.stream.once('close', () => clearInterval(timer))
}

/** A letter at a time of `text`, then `last` for ever. */
function dripping(text: string, last: string): () => string {
  let written = 0
  return () => text[written++] ?? last
}
