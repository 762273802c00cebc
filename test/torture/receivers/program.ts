// The receivers' process: it outlives every kill, and keeps the history of what arrived and what was answered.
import type { Duplex } from 'node:stream'
import { verifySignature } from '../../../src/verify/index.ts'
import { Dice } from '../../soak/dice.ts'
import { FaultyServer } from '../../soak/receivers/faulty-server.ts'
import { misbehave } from '../../soak/receivers/misbehave.ts'
import { drawFault, numberOf, secretOf, versionHeader } from '../population.ts'
import type { Arrival } from './arrival.ts'
import type { ReceiversOrder, ReceiversReply } from './message.ts'

const arrivals: Arrival[] = []
/** How far around the last one that signed a generation is looked for. */
const [olderGenerations, newerGenerations] = [5, 100]
/** The generation that signed last, by endpoint. */
const lastGeneration = new Map<number, number>()
let healed = false
let seed = 0

async function start(order: Extract<ReceiversOrder, { type: 'start' }>): Promise<ReceiversReply> {
  seed = order.seed
  const server = await FaultyServer.start({
    dice: new Dice(process.pid, 'port'),
    secureContext: null,
    drawFault: () => 'none',
    onRequest: received,
  })
  return { type: 'started', port: server.port }
}

function received(stream: Duplex, reset: () => void, head: string, body: string): void {
  const [requestLine = '', ...lines] = head.split('\r\n')
  const endpoint = numberOf(requestLine.split(' ')[1] ?? '')
  if (endpoint === null) {
    stream.end('HTTP/1.1 421 X\r\ncontent-length: 0\r\n\r\n')
    return
  }
  const headers = headersIn(lines)
  const request = { endpoint, eventId: headers['x-event-id'] ?? '', attempt: Number(headers['x-event-attempt']) }
  const dice = new Dice(seed, 'request', request.eventId, request.attempt)
  const fault = healed ? 'none' : drawFault(dice, endpoint)
  const arrival: Arrival = {
    ...request,
    sequence: Number(headers['x-event-sequence']),
    at: Date.now(),
    signedBy: signersOf(endpoint, headers, body),
    headersRight: true,
    version: Number(headers[versionHeader.toLowerCase()]),
    body,
    fault,
    afterSurplus: false,
    status: null,
  }
  arrivals.push(arrival)
  const answered = (status: number): void => {
    arrival.status = status
  }
  misbehave(fault, { stream, dice, request, answered, reset })
}

function headersIn(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return headers
}

/** Secrets are replaced without overlap, so that one signs alone. */
function signersOf(endpoint: number, headers: Record<string, string>, body: string): number[] {
  const last = lastGeneration.get(endpoint) ?? 0
  for (let generation = Math.max(0, last - olderGenerations); generation < last + newerGenerations; generation++) {
    if (!verifySignature({ secret: secretOf(seed, endpoint, generation), headers, body })) continue
    lastGeneration.set(endpoint, generation)
    return [generation]
  }
  return []
}

/** All of it, in pieces that a channel takes well. */
function tell(): void {
  const pieceSize = 1_000
  for (let start = 0; start === 0 || start < arrivals.length; start += pieceSize) {
    const more = start + pieceSize < arrivals.length
    reply({ type: 'received', arrivals: arrivals.slice(start, start + pieceSize), more })
  }
}

async function carryOut(order: ReceiversOrder): Promise<void> {
  switch (order.type) {
    case 'start':
      reply(await start(order))
      return
    case 'heal':
      healed = true
      reply({ type: 'healed' })
      return
    case 'tell':
      tell()
  }
}

function reply(message: ReceiversReply): void {
  process.send?.(message)
}

process.on('message', (order: ReceiversOrder) => void carryOut(order))
process.on('disconnect', () => process.exit())
