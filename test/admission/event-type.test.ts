import { expect, test } from 'vitest'
import { checkEventType } from '../../src/admission/event-type.ts'
import { InvalidOptionError } from '../../src/errors/errors.ts'

test.each(['a', 'payment.captured', 'Payment_2-x.y.z', '__proto__', 'x'.repeat(128)])('takes %s', (value) => {
  expect(checkEventType(value)).toBe(value)
})

test.each([
  '',
  '.',
  '..',
  '.a',
  'a.',
  'a..b',
  'a b',
  'a\n',
  'a\r\nX: 1',
  '<script>',
  '*',
  'a.*',
  'é',
  '😀',
  'x'.repeat(129),
  'x'.repeat(10_240),
  null,
  undefined,
  5,
  ['a'],
])('refuses %j', (value) => {
  expect(() => checkEventType(value)).toThrow(InvalidOptionError)
  expect(() => checkEventType(value)).toThrow(expect.objectContaining({ option: 'eventType', received: value }))
})
