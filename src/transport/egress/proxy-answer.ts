/** What a proxy answered to CONNECT. */
export interface ProxyAnswer {
  /** 200 to 599. */
  readonly status: number
  /** Whether it asks for credentials. */
  readonly challenges: boolean
  /** What followed the head: after a 2xx status, the first bytes from the other end of the tunnel. */
  readonly rest: Buffer
}

/** All heads of an answer together, informational ones included. */
const longestHeads = 16 * 1024
const headEnd = '\r\n\r\n'
const statusLine = /^HTTP\/1\.[01] ([1-5]\d\d)(?: [^\r\n]*)?(?:\r\n|$)/
const challenge = /\r\nproxy-authenticate:/i

/** Reads the answer to one CONNECT request from the pieces in which it comes. */
export class ProxyAnswerReader {
  private bytes: Buffer = Buffer.alloc(0)
  private start = 0

  /** Null: more is to come. `'invalid'`: it is not HTTP, or its head is too long. After either answer the reader is done. */
  add(piece: Buffer): ProxyAnswer | 'invalid' | null {
    this.bytes = Buffer.concat([this.bytes, piece])
    for (;;) {
      // So what is not HTTP is known by its first byte, however slowly the rest would come.
      if (!'HTTP/1.'.startsWith(this.bytes.toString('latin1', this.start, this.start + 7))) return 'invalid'
      const end = this.bytes.indexOf(headEnd, this.start)
      const length = end < 0 ? this.bytes.length : end + headEnd.length
      if (length > longestHeads) return 'invalid'
      if (end < 0) return null
      const head = this.bytes.toString('latin1', this.start, end)
      const status = Number(statusLine.exec(head)?.[1] ?? 0)
      if (status === 0) return 'invalid'
      if (status >= 200) return { status, challenges: challenge.test(head), rest: this.bytes.subarray(length) }
      // 1xx announces an answer and is none.
      this.start = length
    }
  }
}
