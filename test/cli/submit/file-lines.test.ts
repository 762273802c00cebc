import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLines } from '../../../src/cli/submit/file-lines.ts'
import type { FileLine } from '../../../src/cli/submit/file-lines.ts'

async function linesOf(pieces: readonly Buffer[], longestBytes = 100): Promise<FileLine[]> {
  const lines: FileLine[] = []
  // Given to somebody else as soon as the next is asked for.
  async function* chunks() {
    for (const piece of pieces) yield await Promise.resolve(piece)
  }
  for await (const some of readLines(chunks(), longestBytes)) lines.push(...some)
  return lines
}

test('gives the lines of a file, in whatever pieces it comes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('a', 'é\n', '\n', 'b c\n')), fc.nat(9), async (texts, size) => {
      const text = texts.join('')
      const bytes = Buffer.from(text)
      const pieces: Buffer[] = []
      for (let start = 0; start < bytes.length; start += size + 1) pieces.push(bytes.subarray(start, start + size + 1))
      const expected = text.split('\n')
      if (expected.at(-1) === '') expected.pop()
      const lines = await linesOf(pieces)
      expect(lines.map(({ bytes: line }) => line?.toString())).toEqual(expected)
      expect(lines.map(({ number }) => number)).toEqual(expected.map((_, index) => index + 1))
    }),
  )
})

test('keeps nothing of a line that is too long, and goes on after it', async () => {
  const lines = await linesOf([Buffer.from('aaaa'), Buffer.from('a\nbbbb\nccccc')], 4)
  expect(lines).toEqual([
    { number: 1, bytes: null },
    { number: 2, bytes: Buffer.from('bbbb') },
    { number: 3, bytes: null },
  ])
})

test('leaves out the byte order mark of a file', async () => {
  expect(await linesOf([Buffer.from('\ufeff{}\n\ufeff')])).toEqual([
    { number: 1, bytes: Buffer.from('{}') },
    { number: 2, bytes: Buffer.from('\ufeff') },
  ])
})
