import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readClientFrames } from '../../../src/inspect/stately/client-frames.ts'

const mask = [1, 2, 3, 4]

/** A frame as a client sends it. */
function frameOf(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const masked = payload.map((byte, place) => byte ^ mask[place % 4]!)
  if (length < 126) return Buffer.from([0x80 | opcode, 0x80 | length, ...mask, ...masked])
  const size = Buffer.alloc(length < 0x10000 ? 2 : 8)
  if (length < 0x10000) size.writeUInt16BE(length)
  else size.writeBigUInt64BE(BigInt(length))
  return Buffer.concat([
    Buffer.from([0x80 | opcode, 0x80 | (length < 0x10000 ? 126 : 127)]),
    size,
    Buffer.from(mask),
    masked,
  ])
}

const controlFrame = fc.record({ opcode: fc.constantFrom(8, 9, 10), payload: fc.uint8Array({ maxLength: 125 }) })
const messageFrame = fc.record({
  opcode: fc.constantFrom(0, 1, 2),
  payload: fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(new Uint8Array(70_000), new Uint8Array(126))),
})

test('finds every control frame among the messages, however the bytes arrive', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(controlFrame, messageFrame), { maxLength: 8 }),
      fc.integer({ min: 1, max: 999 }),
      (frames, cut) => {
        const heard: { opcode: number; payload: number[] }[] = []
        const read = readClientFrames((opcode, payload) => heard.push({ opcode, payload: [...payload] }))
        const bytes = Buffer.concat(frames.map(({ opcode, payload }) => frameOf(opcode, payload)))
        for (let from = 0; from < bytes.length; from += cut) expect(read(bytes.subarray(from, from + cut))).toBe(true)
        const controls = frames.filter(({ opcode }) => opcode >= 8)
        expect(heard).toEqual(controls.map(({ opcode, payload }) => ({ opcode, payload: [...payload] })))
      },
    ),
    { numRuns: 25 },
  )
})

test('refuses a frame without a mask, and a control frame that is too long', () => {
  expect(readClientFrames(() => undefined)(Buffer.from([0x81, 5, 1, 2, 3, 4, 5]))).toBe(false)
  expect(readClientFrames(() => undefined)(frameOf(9, new Uint8Array(126)))).toBe(false)
})
