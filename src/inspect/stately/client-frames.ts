const maskBytes = 4
const longestControl = 125

/**
 * Reads what a WebSocket client sends, chunk by chunk. Only control frames are looked at; messages are skipped and never
 * held in memory.
 *
 * @param control hears of each control frame
 * @returns a function that takes the next chunk, and says false when the client breaks the protocol
 */
export function readClientFrames(control: (opcode: number, payload: Buffer) => void): (chunk: Buffer) => boolean {
  let pending: Buffer = Buffer.alloc(0)
  let skip = 0
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    for (;;) {
      const skipped = Math.min(skip, pending.length)
      pending = pending.subarray(skipped)
      skip -= skipped
      if (skip > 0) return true
      const header = headerOf(pending)
      if (header === 'incomplete') return true
      const { opcode, masked, length, size } = header
      const isControl = opcode >= 0x8
      if (!masked || (isControl && length > longestControl) || !Number.isSafeInteger(length)) return false
      if (!isControl) {
        skip = size + length
        continue
      }
      if (pending.length < size + length) return true
      control(opcode, unmask(pending.subarray(size - maskBytes, size), pending.subarray(size, size + length)))
      pending = pending.subarray(size + length)
    }
  }
}

interface Header {
  readonly opcode: number
  readonly masked: boolean
  /** Of the payload. */
  readonly length: number
  /** Of the header itself, mask included. */
  readonly size: number
}

function headerOf(bytes: Buffer): Header | 'incomplete' {
  if (bytes.length < 2) return 'incomplete'
  const [first = 0, second = 0] = bytes
  const short = second & 0x7f
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0
  const size = 2 + lengthBytes + maskBytes
  if (bytes.length < size) return 'incomplete'
  const length =
    lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  return { opcode: first & 0x0f, masked: (second & 0x80) !== 0, length, size }
}

function unmask(mask: Buffer, payload: Buffer): Buffer {
  return Buffer.from(payload.map((byte, place) => byte ^ (mask[place % maskBytes] ?? 0)))
}
