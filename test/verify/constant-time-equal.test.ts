import fc from 'fast-check'
import { expect, it } from 'vitest'
import { constantTimeEqual } from '../../src/verify/constant-time-equal.ts'

it('compares as === does, whatever the lengths', () => {
  const text = fc.string({ unit: 'binary', maxLength: 5 })
  fc.assert(fc.property(text, text, (left, right) => constantTimeEqual(left, right) === (left === right)))
  fc.assert(fc.property(text, (both) => constantTimeEqual(both, Buffer.from(both, 'utf16le').toString('utf16le'))))
  expect(constantTimeEqual('é', 'ab')).toBe(false)
})
