import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { createServer, isIP, type Socket } from 'node:net'
import { ipv6Groups } from '../../../src/transport/egress/ipv6-groups.ts'

/** What a name server says to one question. Addresses of the other family are left out. */
export type DnsReply =
  | readonly string[]
  | { readonly alias: string; readonly addresses: readonly string[] }
  | 'silence'
  | 'garbage'
  | 'cutOff'
  | 'servfail'
  | 'nxdomain'
  | 'refused'

export interface DnsQuestion {
  readonly name: string
  readonly family: 4 | 6
}

/** A name server on 127.0.0.1, over UDP and, where an answer is too long for that, TCP. Every record has TTL 0. */
export interface DnsServer {
  /** For the option `servers`. */
  readonly servers: readonly string[]
  readonly questions: readonly DnsQuestion[]
  close(): Promise<void>
}

const codes = { servfail: 2, nxdomain: 3, refused: 5 } as const
const addressTypes = { 4: 1, 6: 28 } as const
const aliasType = 5
const longestDatagram = 512

/** @param answer may take its time: a promise holds back the one answer and no other */
export async function startDnsServer(
  answer: (question: DnsQuestion) => DnsReply | Promise<DnsReply>,
): Promise<DnsServer> {
  const questions: DnsQuestion[] = []
  const streams = new Set<Socket>()
  const tcp = createServer((socket) => {
    streams.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => streams.delete(socket))
    socket.on('data', (data) => {
      void reply(data.subarray(2), false).then((message) => {
        const length = Buffer.alloc(2)
        length.writeUInt16BE(message?.length ?? 0)
        socket.write(Buffer.concat([length, message ?? length]))
      })
    })
  }).listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const address = tcp.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const udp = createSocket('udp4')
  udp.on('message', (query: Buffer, from: RemoteInfo) => {
    void reply(query, true).then((message) => {
      if (message !== null) udp.send(message, from.port, from.address)
    })
  })
  udp.bind(address.port, '127.0.0.1')
  await once(udp, 'listening')

  async function reply(query: Buffer, datagram: boolean): Promise<Buffer | null> {
    const question = readQuestion(query)
    if (datagram) questions.push(question)
    const said = await answer(question)
    if (said === 'silence') return null
    if (said === 'garbage') return Buffer.from('not what DNS looks like')
    const message = encode(query, question, said)
    if (said === 'cutOff') return message.subarray(0, message.length - 3)
    return datagram && message.length > longestDatagram ? truncated(message, query) : message
  }

  return {
    servers: [`127.0.0.1:${address.port}`],
    questions,
    async close() {
      udp.close()
      tcp.close()
      for (const socket of streams) socket.destroy()
      await Promise.all([once(udp, 'close'), once(tcp, 'close')])
    },
  }
}

function readQuestion(query: Buffer): DnsQuestion {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), family: query.readUInt16BE(at + 1) === addressTypes[6] ? 6 : 4 }
}

function encode(query: Buffer, { name, family }: DnsQuestion, said: Exclude<DnsReply, 'silence' | 'garbage'>): Buffer {
  const code = typeof said === 'string' && said !== 'cutOff' ? codes[said] : 0
  const records: Buffer[] = []
  const { alias, addresses } = addressesOf(said)
  if (alias !== null) records.push(record(name, aliasType, nameBytes(alias)))
  for (const address of addresses) {
    if (isIP(address) === family) records.push(record(alias ?? name, addressTypes[family], addressBytes(address)))
  }
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(0x8180 | code, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records.length, 6)
  return Buffer.concat([header, questionBytes(query), ...records])
}

function addressesOf(said: Exclude<DnsReply, 'silence' | 'garbage'>) {
  if (said === 'cutOff') return { alias: null, addresses: ['192.0.2.1', '2001:db8::1'] }
  if (typeof said === 'string') return { alias: null, addresses: [] }
  return 'alias' in said ? said : { alias: null, addresses: said }
}

function truncated(message: Buffer, query: Buffer): Buffer {
  const cut = Buffer.from(message.subarray(0, 12 + questionBytes(query).length))
  cut.writeUInt16BE(0x8380, 2)
  cut.writeUInt16BE(0, 6)
  return cut
}

function questionBytes(query: Buffer): Buffer {
  return query.subarray(12, query.indexOf(0, 12) + 5)
}

function record(owner: string, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10)
  fixed.writeUInt16BE(type, 0)
  fixed.writeUInt16BE(1, 2)
  fixed.writeUInt16BE(data.length, 8)
  return Buffer.concat([nameBytes(owner), fixed, data])
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]))
  return Buffer.concat([...labels, Buffer.alloc(1)])
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  return Buffer.from(ipv6Groups(address).flatMap((group) => [group >> 8, group & 255]))
}
