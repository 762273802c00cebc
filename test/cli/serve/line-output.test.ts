import { describe, expect, test } from 'vitest'
import { LineOutput } from '../../../src/cli/serve/line-output.ts'
import { createVirtualClock } from '../../../src/testing/virtual-clock.ts'

/** A reader that takes `room` bytes, and then none until it is given more. */
function readBy(room: number) {
  const clock = createVirtualClock()
  let passedMs = 0
  const reader = { room, taken: '', failsWith: 'EAGAIN' }
  const output = new LineOutput(
    // Time passes for who waits.
    { setTimeout: clock.setTimeout.bind(clock), monotonic: () => (passedMs += 400) },
    (bytes) => {
      const taken = bytes.subarray(0, reader.room)
      if (taken.length === 0) throw Object.assign(new Error('not written'), { code: reader.failsWith })
      reader.room -= taken.length
      reader.taken += Buffer.from(taken).toString()
      return taken.length
    },
  )
  return { clock, output, reader }
}

describe('a reader of the log', () => {
  test('that is slow gets every line, in order', async () => {
    const { clock, output, reader } = readBy(3)
    for (const line of ['eins\n', 'zwei\n']) output.write(line)
    expect(reader.taken).toBe('ein')
    reader.room = 100
    await clock.advance(20)
    output.write('drei\n')
    expect(reader.taken).toBe('eins\nzwei\ndrei\n')
  })

  test('that has stopped reading does not hold up the end of the process', () => {
    const { output, reader } = readBy(3)
    output.write('eins\n')
    output.end()
    reader.room = 100
    output.end()
    expect(reader.taken).toBe('ein')
  })

  test('that reads again before the end gets the rest', () => {
    const { output, reader } = readBy(0)
    output.write('eins\n')
    reader.room = 100
    output.end()
    expect(reader.taken).toBe('eins\n')
  })

  test('that is gone holds nothing up; a disk that was full gets what comes later', () => {
    const { output, reader } = readBy(0)
    for (const code of ['EPIPE', 'ENOSPC']) {
      reader.failsWith = code
      output.write('eins\n')
      output.end()
    }
    reader.room = 100
    output.write('zwei\n')
    expect(reader.taken).toBe('zwei\n')
  })

  test('that does not read costs 16 MiB at most', () => {
    const { output, reader } = readBy(0)
    const line = `${'x'.repeat(1024 * 1024 - 1)}\n`
    for (let n = 0; n < 20; n += 1) output.write(line)
    reader.room = Infinity
    output.end()
    expect(reader.taken).toHaveLength(16 * 1024 * 1024)
  })
})
