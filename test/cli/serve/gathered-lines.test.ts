import { expect, test } from 'vitest'
import { GatheredLines } from '../../../src/cli/serve/gathered-lines.ts'
import { createVirtualClock } from '../../../src/testing/virtual-clock.ts'

function gather() {
  const clock = createVirtualClock()
  const written: string[] = []
  const lines = new GatheredLines(clock, { write: (text) => written.push(text) })
  return { clock, written, lines }
}

test('a line is written at once, and those that follow closely together', async () => {
  const { clock, written, lines } = gather()
  for (const line of ['a\n', 'b\n', 'c\n']) lines.write(line)
  expect(written).toEqual(['a\n'])
  await clock.advance(50)
  lines.write('d\n')
  expect(written).toEqual(['a\n', 'b\nc\n'])
  await clock.advance(50)
  expect(written).toEqual(['a\n', 'b\nc\n', 'd\n'])
  await clock.advance(50)
  lines.write('e\n')
  expect(written).toHaveLength(4)
})

test('what waits is written when asked for, and when it is long', () => {
  const { written, lines } = gather()
  for (const line of ['a\n', 'b\n']) lines.write(line)
  lines.flush()
  lines.flush()
  expect(written).toEqual(['a\n', 'b\n'])
  const long = 'x'.repeat(64 * 1024)
  lines.write(long)
  expect(written[2]).toBe(long)
})
