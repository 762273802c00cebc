import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProxyAnswerReader, type ProxyAnswer } from '../../../src/transport/egress/proxy-answer.ts'

/** What the reader makes of these pieces, and how many of them it took. */
function read(...pieces: string[]): { answer: ProxyAnswer | 'invalid' | null; taken: number } {
  const reader = new ProxyAnswerReader()
  for (const [index, piece] of pieces.entries()) {
    const answer = reader.add(Buffer.from(piece, 'latin1'))
    if (answer !== null) return { answer, taken: index + 1 }
  }
  return { answer: null, taken: pieces.length }
}

describe('a proxy’s answer', () => {
  it.each([
    ['HTTP/1.1 200 Connection established\r\n\r\n', 200, false],
    ['HTTP/1.0 200 \r\nVia: x\r\n\r\n', 200, false],
    ['HTTP/1.1 204\r\n\r\n', 204, false],
    ['HTTP/1.1 407 Request rejected by proxy\r\nX-Smokescreen-Error: no\r\n\r\n', 407, false],
    ['HTTP/1.1 407 \r\nContent-Length: 0\r\nPROXY-Authenticate: Basic\r\n\r\n', 407, true],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 502 No\r\n\r\n', 502, false],
  ])('%j', (text, status, challenges) => {
    expect(read(`${text}rest`).answer).toEqual({ status, challenges, rest: Buffer.from('rest') })
  })

  it('is the same in whatever pieces it comes', () => {
    const text = `HTTP/1.1 103 X\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n`
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), text.length]
        const pieces = ends.slice(1).map((end, index) => text.slice(ends[index], end))
        expect(read(...pieces).answer).toEqual({ status: 200, challenges: false, rest: Buffer.alloc(0) })
      }),
    )
  })

  it.each([
    'SSH-2.0-OpenSSH_9.6\r\n',
    '\r\nHTTP/1.1 200 OK\r\n\r\n',
    'http/1.1 200 OK\r\n\r\n',
    'HTTP/2 200\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 999 OK\r\n\r\n',
    'HTTP/1.1 099 OK\r\n\r\n',
    'HTTP/1.1 200OK\r\n\r\n',
    'HTTP/1.1 200 OK\nA: b\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\nSSH-2.0',
  ])('is not %j', (text) => {
    expect(read(text).answer).toBe('invalid')
  })

  it('that is not HTTP is known by its first byte', () => {
    expect(read('H', 'T', 'P', 'P')).toEqual({ answer: 'invalid', taken: 3 })
  })

  it('may have 16 KiB of heads, ended or not', () => {
    const [head, filler] = ['HTTP/1.1 200 OK\r\nA: ', 'a'.repeat(16 * 1024)]
    const room = 16 * 1024 - head.length - 4
    expect(read(`${head}${filler.slice(0, room)}\r\n\r\n${filler}`).answer).toMatchObject({ status: 200 })
    expect(read(`${head}${filler.slice(0, room + 1)}\r\n\r\n`).answer).toBe('invalid')
    expect(read(`${head}${filler.slice(0, room + 4)}`).answer).toBe(null)
    expect(read(`${head}${filler.slice(0, room + 4)}`, 'a').answer).toBe('invalid')
    expect(read('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(600)).answer).toBe('invalid')
  })
})
