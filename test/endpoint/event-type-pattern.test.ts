import { expect, test } from 'vitest'
import { matchesPattern, parsePattern } from '../../src/endpoint/event-type-pattern.ts'
import { InvalidOptionError } from '../../src/errors/errors.ts'

test.each([
  ['*', 'payment', true],
  ['*', 'payment.card.captured', true],
  ['payment', 'payment', true],
  ['payment', 'payment.captured', false],
  ['payment', 'Payment', false],
  ['payment.*', 'payment.captured', true],
  ['payment.*', 'payment.card.captured', true],
  ['payment.*', 'payment', false],
  ['payment.*', 'payments.new', false],
  ['payment.card.*', 'payment.captured', false],
])('%s on %s: %s', (pattern, eventType, matches) => {
  expect(matchesPattern(pattern, eventType)).toBe(matches)
})

test.each(['*', 'a', 'a.b', 'a.*', 'a.b.*', `${'a'.repeat(126)}.*`])('takes %s', (pattern) => {
  expect(parsePattern(pattern, 'eventTypes[0]')).toBe(pattern)
})

test.each([
  '',
  '.',
  '.*',
  '**',
  'a*',
  '*.a',
  'a.*.b',
  'a..*',
  'a.**',
  'a b',
  '(a+)+',
  `${'a'.repeat(127)}.*`,
  null,
  5,
  ['a'],
])('refuses %j', (pattern) => {
  expect(() => parsePattern(pattern, 'eventTypes[0]')).toThrow(InvalidOptionError)
  expect(() => parsePattern(pattern, 'eventTypes[0]')).toThrow('eventTypes[0] must be an event type such as')
})
