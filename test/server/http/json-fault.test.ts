import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonFault } from '../../../src/server/http/json-fault.ts'

test.each([
  ['', 0],
  ['  ', 2],
  ['{"a":}', 5],
  ['{"a":1,}', 7],
  ['{"a" 1}', 5],
  ['[1,]', 3],
  ['[1 2]', 3],
  ['{a:1}', 1],
  ['tru', 3],
  ['trux', 3],
  ['"a', 2],
  ['"\\x"', 2],
  ['"\\u12g4"', 5],
  ['"a\nb"', 2],
  ['01', 1],
  ['1.', 2],
  ['1e', 2],
  ['-', 1],
  ['{} {}', 3],
  ['\ufeff{}', 0],
  ['[1]]', 3],
])('finds where %j goes wrong', (text, position) => {
  expect(jsonFault(text).position).toBe(position)
})

test('counts lines and columns from 1', () => {
  expect(jsonFault('{\n  "a": 1,\n  b\n}')).toEqual({ position: 14, line: 3, column: 3 })
})

test('stands at the end of a text that is JSON, at the end of one that is cut off, and nowhere before the fault', () => {
  const cutAt = fc.tuple(
    fc.json(),
    fc.nat(),
    fc.constantFrom('', '"', '}', ']', ',', ':', 'x', '\u0000', '1', '-', '\\'),
  )
  fc.assert(
    fc.property(cutAt, ([json, cut, change]) => {
      const whole = `[${json}]`
      expect(jsonFault(whole).position).toBe(whole.length)
      const text = whole.slice(0, cut % whole.length)
      expect(jsonFault(text).position).toBe(text.length)
      const changed = text + change
      if (isJson(changed)) return
      // Whatever stands before the fault can still become JSON, and so is no fault itself.
      expect(jsonFault(changed).position).toBeGreaterThanOrEqual(text.length)
    }),
  )
})

test('does not tire of depth or length', () => {
  expect(jsonFault('['.repeat(1_000_000)).position).toBe(1_000_000)
  expect(jsonFault(`"${'a'.repeat(5_000_000)}`).position).toBe(5_000_001)
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
