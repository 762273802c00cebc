import type { Socket } from 'node:net'
import { expect, vi } from 'vitest'
import type {
  OutgoingRequest,
  Reach,
  TransportFailureReason,
  TransportResult,
} from '../../../src/transport/transport.ts'
import { onEachRequest, type TestServer } from '../test-server.ts'
import { makeTransport, send } from '../transport-harness.ts'
import { watchClientSockets } from './client-sockets.ts'
import { startSchemeServer, trusting, type Scheme } from './scheme-server.ts'

/** What an endpoint does when a request has come: it writes this, or does as it likes. */
export type Misbehaviour = string | Buffer | ((socket: Socket) => void)

/** A status, or why there is none. */
export type Verdict = number | TransportFailureReason

export interface Trial {
  readonly scheme?: Scheme
  /** Whether the endpoint waits for the whole request before it acts. @default true */
  readonly afterRequest?: boolean
  /** After how many milliseconds the request is given up. @default 5000, longer than any answer here is waited for */
  readonly deadlineMs?: number
  readonly request?: Partial<OutgoingRequest>
}

/** What an {@link ordeal} showed. */
export interface Outcome {
  readonly result: TransportResult
  /** How many bytes hookline read until the result was there and its socket closed or kept. */
  readonly bytesRead: number
  /** How many connections the ordeal and the honest request after it took: 1 when the first was used again. */
  readonly connections: number
}

/** 64 KiB of an answer, and one read: as much as a socket buffers, 64 KiB, and what came on top of that. */
export const mostBytesRead = 3 * 65_536

/** All that may be said about an endpoint that gave no answer: nothing here depends on what it sent. */
const messages = [
  'what came back is not an HTTP answer',
  'what came back is not an answer to this request',
  'the headers of the answer are too long',
  'the connection ended before an answer',
  'no answer in time',
]

/**
 * Sends one request to an endpoint that misbehaves, then another to the same endpoint, which answers it honestly, and
 * checks what must hold whatever the endpoint does: there is one result, within bounds, that repeats nothing the
 * endpoint sent but the beginning of a body; the honest answer is heard; and no socket is left in the end.
 */
export async function ordeal(misbehaviour: Misbehaviour, trial: Trial = {}): Promise<Outcome> {
  const sockets = watchClientSockets()
  const server = await startHostile(misbehaviour, trial)
  const transport = makeTransport({ bodyMs: 100, ...trusting(trial.scheme ?? 'http') })
  const { origin } = server
  try {
    const sent = send(transport, origin, trial.request)
    const deadline = setTimeout(() => sent.inFlight.abort('timeout'), trial.deadlineMs ?? 5_000)
    const result = await sent.result
    clearTimeout(deadline)
    const { bytesRead } = sockets
    expectHarmless(result)
    expect(bytesRead).toBeLessThanOrEqual(mostBytesRead)
    expect(await send(transport, origin, { path: '/honest' }).result).toMatchObject({ status: 201 })
    expect(sent.calls).toBe(1)
    return { result, bytesRead, connections: server.accepted }
  } finally {
    await transport.close()
    expect(sockets.open).toBe(0)
    sockets.stop()
    await vi.waitFor(() => expect(server.open).toBe(0), { interval: 2 })
    await server.close()
  }
}

export function expectVerdict(result: TransportResult, verdict: Verdict, reach: Reach = 'unknown'): void {
  if (typeof verdict === 'number') expect(result).toMatchObject({ kind: 'answered', status: verdict })
  else expect(result).toMatchObject({ kind: 'failed', reason: verdict, reach })
}

/** Writes `before`, and then `piece` for ever, as fast as the other side takes it. */
export function endlessly(piece: string, before = ''): (socket: Socket) => void {
  const pieces = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)))
  return (socket) => {
    const pump = (): void => {
      while (!socket.destroyed && socket.write(pieces));
    }
    socket.on('drain', pump)
    socket.write(before)
    pump()
  }
}

function expectHarmless(result: TransportResult): void {
  if (result.kind === 'failed') expect(messages).toContain(result.message)
  else expect(Buffer.byteLength(result.snippet ?? '')).toBeLessThanOrEqual(3 * 1_024)
}

function startHostile(misbehaviour: Misbehaviour, trial: Trial): Promise<TestServer> {
  const { scheme = 'http', afterRequest = true } = trial
  const act = (socket: Socket): void => {
    if (typeof misbehaviour === 'function') misbehaviour(socket)
    else socket.write(misbehaviour)
  }
  return startSchemeServer(scheme, (socket) => {
    if (!afterRequest) socket.once('data', (head) => !head.includes('POST /honest') && act(socket))
    onEachRequest(socket, (head) => {
      if (head.startsWith('POST /honest')) socket.write('HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n')
      else if (afterRequest) act(socket)
    })
  })
}
