// The receivers' process: servers that misbehave, and the history of what they saw and answered.
import { createSecureContext } from 'node:tls'
import type { Duplex } from 'node:stream'
import { Dice } from '../dice.ts'
import { drawConnectionFault, drawRequestFault, type ServerKind } from '../faults.ts'
import { personOf } from '../population.ts'
import { FaultyServer } from './faulty-server.ts'
import type { ReceiversOrder, ReceiversReply } from './message.ts'
import { misbehave } from './misbehave.ts'
import { readRequest } from './read-request.ts'
import type { ReceivedAttempt } from './received-attempt.ts'

const attempts: ReceivedAttempt[] = []
const servers: FaultyServer[] = []
/** Connections over which an answer too many comes late, or came. */
const surplusOn = new WeakSet<Duplex>()
let healed = false
let seed = 0

async function start(order: Extract<ReceiversOrder, { type: 'start' }>): Promise<ReceiversReply> {
  seed = order.seed
  const { key, cert } = order
  const secureContext = createSecureContext({ key, cert })
  const dice = new Dice(seed, 'connections')
  const portDice = new Dice(seed, 'ports')
  const startOne = async (kind: ServerKind): Promise<number> => {
    const server = await FaultyServer.start({
      dice: portDice,
      secureContext: kind === 'secure' ? secureContext : null,
      drawFault: () => (healed ? 'none' : drawConnectionFault(dice, kind)),
      onRequest: received,
    })
    servers.push(server)
    return server.port
  }
  const start = (kind: ServerKind): Promise<number[]> =>
    Promise.all(Array.from({ length: order.servers[kind] }, () => startOne(kind)))
  const ports = { plain: await start('plain'), secure: await start('secure'), deaf: await start('deaf') }
  crashLater(new Dice(seed, 'crashes'))
  return { type: 'started', ports }
}

/** Every few seconds one of the servers goes away for a moment. */
function crashLater(dice: Dice): void {
  setTimeout(
    () => {
      if (healed) return
      const server = dice.anyOf(servers)
      server?.crash()
      setTimeout(() => void server?.listen(), dice.between(50, 500))
      crashLater(dice)
    },
    dice.between(1_000, 4_000),
  ).unref()
}

function received(stream: Duplex, reset: () => void, head: string, body: string): void {
  const request = readRequest(seed, head, body)
  if (request === null) {
    stream.end('HTTP/1.1 421 X\r\ncontent-length: 0\r\n\r\n')
    return
  }
  const { endpoint, eventId, attempt } = request
  const dice = new Dice(seed, 'request', eventId, attempt)
  const fault = healed ? 'none' : drawRequestFault(dice, personOf(seed, endpoint).temperament)
  const noted: ReceivedAttempt = {
    ...request,
    at: Date.now(),
    fault,
    afterSurplus: surplusOn.has(stream),
    status: null,
  }
  attempts.push(noted)
  if (fault === 'surplus') surplusOn.add(stream)
  const answered = (status: number): void => {
    noted.status = status
  }
  misbehave(fault, { stream, dice, request, answered, reset })
}

/** All of it, in pieces that a channel takes well. */
function tell(): void {
  const pieceSize = 2_000
  for (let start = 0; start === 0 || start < attempts.length; start += pieceSize) {
    const more = start + pieceSize < attempts.length
    reply({ type: 'received', attempts: attempts.slice(start, start + pieceSize), more })
  }
}

async function carryOut(order: ReceiversOrder): Promise<void> {
  switch (order.type) {
    case 'start':
      reply(await start(order))
      return
    case 'heal':
      healed = true
      await Promise.all(servers.map((server) => server.listen()))
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
