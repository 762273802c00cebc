import { describe, expect, it } from 'vitest'
import { expectVerdict, ordeal, type Misbehaviour, type Verdict } from './ordeal.ts'

const http = 'HTTP/1.1 '
const ending = 'content-length: 2\r\n\r\nok'
const chunked = `${http}200 OK\r\ntransfer-encoding: chunked\r\n\r\n`
const withHeader = (header: string): string => `${http}200 OK\r\n${header}\r\n${ending}`

type Row = [what: string, answer: Misbehaviour, verdict: Verdict]

const statusLines: Row[] = [
  ['status 000', `${http}000 OK\r\n${ending}`, 'protocol'],
  ['status 099', `${http}099 OK\r\n${ending}`, 'protocol'],
  ['status 20', `${http}20 OK\r\n${ending}`, 'protocol'],
  ['status 199 as the last', `${http}199 OK\r\n${ending}`, 'protocol'],
  ['status 1000', `${http}1000 OK\r\n${ending}`, 'protocol'],
  ['status -1', `${http}-1 OK\r\n${ending}`, 'protocol'],
  ['status +200', `${http}+200 OK\r\n${ending}`, 'protocol'],
  ['status 2OO, with letters', `${http}2OO OK\r\n${ending}`, 'protocol'],
  ['no status', `${http}OK\r\n${ending}`, 'protocol'],
  ['status 600', `${http}600 X\r\n${ending}`, 600],
  ['status 999', `${http}999 X\r\n${ending}`, 999],
  ['no status text', `${http}200\r\n${ending}`, 200],
  ['an empty status text', `${http}200 \r\n${ending}`, 200],
  ['a status text of terminal codes', `${http}500 \u001b[2J<script>\r\n${ending}`, 500],
  ['HTTP/1.0 that keeps the connection', `HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n${ending}`, 200],
  ['HTTP/1.2', `HTTP/1.2 200 OK\r\n${ending}`, 'protocol'],
  ['HTTP/3', `HTTP/3 200\r\n${ending}`, 'protocol'],
  ['http in lower case', `http/1.1 200 OK\r\n${ending}`, 'protocol'],
  ['100 Continue, unasked', `${http}100 Continue\r\n\r\n${http}200 OK\r\n${ending}`, 'protocol'],
  ['101 to another protocol', `${http}101 S\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n`, 'protocol'],
  ['101 to no protocol', `${http}101 S\r\n\r\n`, 'protocol'],
  ['102 before the answer', `${http}102 P\r\n\r\n${http}200 OK\r\n${ending}`, 200],
  ['an upgrade nobody asked for', `${http}426 U\r\nupgrade: h2c\r\nconnection: upgrade\r\n${ending}`, 426],
]

const otherProtocols: Row[] = [
  ['SSH', 'SSH-2.0-OpenSSH_9.6 secret-banner\r\n', 'protocol'],
  ['HTTP/0.9', '<html>intranet</html>', 'protocol'],
  ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'protocol'],
  ['HTTP/2 frames', Buffer.from('000000040000000000', 'hex'), 'protocol'],
  ['a TLS alert', Buffer.from('15030100020228', 'hex'), 'protocol'],
  ['an HTTP request', 'POST / HTTP/1.1\r\nhost: x\r\n\r\n', 'protocol'],
  ['RTSP', `RTSP/1.0 200 OK\r\n${ending}`, 'protocol'],
  ['ICY', `ICY 200 OK\r\n${ending}`, 'protocol'],
  ['Redis', '-ERR wrong number of arguments\r\n', 'protocol'],
  ['SMTP', '220 mail.intranet ESMTP\r\n', 'protocol'],
  ['NUL', Buffer.alloc(100), 'protocol'],
]

const headers: Row[] = [
  ['bare LF everywhere', `${http}200 OK\ncontent-length: 2\n\nok`, 'protocol'],
  ['one bare LF', `${http}200 OK\r\ncontent-length: 2\n\r\nok`, 'protocol'],
  ['a bare CR', withHeader('a: b\rc: d'), 'protocol'],
  ['NUL in a value', withHeader('a: b\0c'), 'protocol'],
  ['NUL in a name', withHeader('a\0: b'), 'protocol'],
  ['a blank before the colon', `${http}200 OK\r\ncontent-length : 2\r\n\r\nok`, 'protocol'],
  ['a folded first line', `${http}200 OK\r\n ${ending}`, 'protocol'],
  ['no colon', withHeader('nothing'), 'protocol'],
  // RFC 9112, section 5.2: a user agent takes a folded value for one with blanks in it.
  ['a folded value', withHeader('a: b\r\n c'), 200],
  ['a name with a blank', withHeader('a b: c'), 200],
  ['bytes beyond ASCII', Buffer.from(withHeader('a: \u00ff\u65e5')), 200],
  ['gzip a thousand times', withHeader(`content-encoding: ${'gzip, '.repeat(1_000)}gzip`), 200],
  ['things to remember', withHeader('set-cookie: a=b\r\nstrict-transport-security: x\r\nalt-svc: h3=":1"'), 200],
]

const lengths: Row[] = [
  ['a length and chunks', `${chunked.slice(0, -2)}content-length: 2\r\n\r\n0\r\n\r\n`, 'protocol'],
  ['chunks and a length', withHeader('transfer-encoding: chunked'), 'protocol'],
  ['the same length twice', withHeader('content-length: 2'), 'protocol'],
  ['two lengths', withHeader('content-length: 5'), 'protocol'],
  ['a list of lengths', `${http}200 OK\r\ncontent-length: 2, 2\r\n\r\nok`, 'protocol'],
  ['length -1', `${http}200 OK\r\ncontent-length: -1\r\n\r\nok`, 'protocol'],
  ['length +2', `${http}200 OK\r\ncontent-length: +2\r\n\r\nok`, 'protocol'],
  ['length 0x2', `${http}200 OK\r\ncontent-length: 0x2\r\n\r\nok`, 'protocol'],
  ['an empty length', `${http}200 OK\r\ncontent-length: \r\n\r\nok`, 'protocol'],
  ['length 10^30', `${http}200 OK\r\ncontent-length: 1${'0'.repeat(30)}\r\n\r\nok`, 'protocol'],
  ['length 2^53 + 1', `${http}200 OK\r\ncontent-length: 9007199254740993\r\n\r\nok`, 200],
  ['an unknown coding', `${http}200 OK\r\ntransfer-encoding: xchunked\r\n\r\nok`, 200],
  ['chunks inside gzip', `${http}200 OK\r\ntransfer-encoding: chunked, gzip\r\n\r\n2\r\nok\r\n0\r\n\r\n`, 200],
  ['a chunk beyond 64 bits', `${chunked}ffffffffffffffffff\r\nok`, 200],
  ['a chunk of length -1', `${chunked}-1\r\nok`, 200],
  ['a chunk that is none', `${chunked}nonsense\r\n`, 200],
  ['a chunk longer than it says', `${chunked}1\r\nmore\r\n0\r\n\r\n`, 200],
  ['204 with a body', `${http}204 X\r\n${ending}`, 204],
  ['205 with a body', `${http}205 X\r\n${ending}`, 205],
  ['304 with a body', `${http}304 X\r\n${ending}`, 304],
]

describe.each(['http', 'https'] as const)('over %s', (scheme) => {
  describe.each([
    ['status line', statusLines],
    ['protocol', otherProtocols],
    ['header', headers],
    ['length', lengths],
  ])('an unusual %s gets one true outcome, and so does the next request', (_part, rows) => {
    it.each(rows)('%s', async (_what, answer, verdict) => {
      const { result } = await ordeal(answer, { scheme })
      expectVerdict(result, verdict)
    })
  })
})

describe('the connection is not used again after', () => {
  it.each([
    ['a failure', `${http}1000 OK\r\n${ending}`],
    ['a body cut off', `${http}200 OK\r\ncontent-length: 9\r\n\r\nok`],
    ['a broken chunk', `${chunked}-1\r\nok`],
    ['connection: close, whatever follows', `${withHeader('connection: close')}${http}200 OK\r\n${ending}`],
    ['keep-alive: timeout=0', withHeader('keep-alive: timeout=0')],
    ['keep-alive: timeout=1', withHeader('keep-alive: timeout=1')],
    ['two answers in one packet', `${withHeader('a: b')}${http}200 OK\r\n${ending}`],
    ['an answer and the beginning of another', `${withHeader('a: b')}H`],
  ])('%s', async (_what, answer) => {
    expect((await ordeal(answer)).connections).toBe(2)
  })
})

it('a longer keep-alive than hookline’s own is not believed, and does no harm', async () => {
  for (const seconds of ['999999999', '-5', 'for ever']) {
    const { result, connections } = await ordeal(withHeader(`keep-alive: timeout=${seconds}`))
    expectVerdict(result, 200)
    expect(connections).toBe(1)
  }
})
