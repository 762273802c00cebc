import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sumBeforeFirst, sumOf } from '../../src/sqlite/chain.ts'

test('a sum is the first half of SHA-256 over the sum before it, the number and the text', () => {
  const line = '{"text":"größer"}'
  const whole = createHash('sha256').update(`00000000000000000000000000000000 1 ${line}`, 'utf8').digest('hex')
  const sum = sumOf(sumBeforeFirst, 1, line)
  expect(sum).toBe(whole.slice(0, 32))
  expect(sumOf(sum, 2, line)).not.toBe(sumOf(sumBeforeFirst, 2, line))
  expect(sumOf(sum, 2, line)).not.toBe(sumOf(sum, 3, line))
})
