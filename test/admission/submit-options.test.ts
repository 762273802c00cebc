import { expect, test } from 'vitest'
import { resolveSubmitOptions } from '../../src/admission/submit-options.ts'
import { InvalidOptionError } from '../../src/errors/errors.ts'

test('may be left out, whole or in part', () => {
  expect(resolveSubmitOptions(undefined)).toEqual({ idempotencyKey: null, orderingKey: null })
  expect(resolveSubmitOptions({ orderingKey: 'order 17', idempotencyKey: undefined })).toEqual({
    idempotencyKey: null,
    orderingKey: 'order 17',
  })
})

test('take keys of 1 to 256 characters', () => {
  const keys = { idempotencyKey: 'é', orderingKey: 'x'.repeat(256) }
  expect(resolveSubmitOptions(keys)).toEqual(keys)
})

test.each(['idempotencyKey', 'orderingKey'])('refuse a bad %s', (option) => {
  for (const key of ['', 'x'.repeat(257), 'a\0b', 'a\n', '\ud800', 5, null, ['a']]) {
    expect(() => resolveSubmitOptions({ [option]: key })).toThrow(InvalidOptionError)
    expect(() => resolveSubmitOptions({ [option]: key })).toThrow(expect.objectContaining({ option }))
  }
})

test.each([null, 'key', [], { idempotencykey: 'a' }])('refuse %j', (value) => {
  expect(() => resolveSubmitOptions(value)).toThrow(InvalidOptionError)
})
