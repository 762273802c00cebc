import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { OptionReader } from '../../src/options/option-reader.ts'
import {
  checkList,
  checkPort,
  checkPrintableString,
  checkString,
  checkWholeNumber,
} from '../../src/options/value-checks.ts'

const range = { min: 1, max: 10 }

function refusal(call: () => unknown): InvalidOptionError {
  try {
    call()
  } catch (error) {
    if (error instanceof InvalidOptionError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('an option object', () => {
  test('may be left out', () => {
    expect(new OptionReader(undefined, 'retry', ['jitter']).given('jitter')).toBeUndefined()
  })

  test.each([null, 5, 'a', [], new Map(), new Date(0), () => 1])(
    'is refused when it is not a plain object: %s',
    (value) => {
      const error = refusal(() => new OptionReader(value, 'retry', []))
      expect(error.message).toMatch(/^retry must be a plain object, got /)
      expect(error.option).toBe('retry')
      // It may be a secret in the wrong place, so the error does not carry it.
      if (typeof value === 'object' && value !== null) expect(error.received).toMatch(/^an (?:object|array)/)
      if (typeof value === 'string') expect(error.received).toBe('a string of 1 characters')
    },
  )

  test('is refused when it cannot be read, without what its own code throws', () => {
    const throws = (): never => {
      throw new Error('hunter2')
    }
    const unreadable = [
      new Proxy({}, { ownKeys: throws }),
      new Proxy({}, { getPrototypeOf: throws }),
      Object.defineProperty({}, 'jitter', { enumerable: true, get: throws }),
    ]
    for (const value of unreadable) {
      const error = refusal(() => new OptionReader(value, 'retry', ['jitter']).given('jitter'))
      expect(error.message).toMatch(/^retry(?:\.jitter)? must be readable, got an object that cannot be read/)
      expect(JSON.stringify(error)).not.toContain('hunter2')
    }
  })

  test('may come from another realm or have no prototype', () => {
    const names = ['jitter']
    expect(new OptionReader(runInNewContext('({ jitter: 1 })'), '', names).given('jitter')).toBe(1)
    const bare: unknown = Object.assign(Object.create(null), { jitter: 1 })
    expect(new OptionReader(bare, '', names).given('jitter')).toBe(1)
  })

  test('is refused when it has an unknown name, and told the valid ones but not the value', () => {
    const error = refusal(() => new OptionReader({ secretKey: 'hunter2' }, 'signing', ['header', 'prefix']))
    expect(error.message).toBe('signing.secretKey is not an option; valid are header, prefix')
    expect(error.option).toBe('signing.secretKey')
    expect(error.received).toBe('secretKey')
  })

  test('is refused in one line when the unknown name is odd or endless', () => {
    const error = refusal(() => new OptionReader({ [`a\n${'b'.repeat(9999)}`]: 1 }, '', ['x']))
    expect(error.message).not.toContain('\n')
    expect(error.message.length).toBeLessThan(200)
  })

  test('does not take what it inherits', () => {
    const names = ['toString', 'jitter']
    expect(new OptionReader({}, '', names).given('toString')).toBeUndefined()
    const inherited: unknown = JSON.parse('{"__proto__":{"jitter":1}}')
    expect(() => new OptionReader(inherited, '', names)).toThrow('__proto__ is not an option')
  })
})

describe('a value', () => {
  const reader = (value: unknown): OptionReader => new OptionReader({ it: value }, 'at', ['it'])

  test('undefined takes the fallback', () => {
    expect(reader(undefined).wholeNumber('it', 7, range)).toBe(7)
    expect(reader(undefined).number('it', 0.5, range)).toBe(0.5)
    expect(reader(undefined).boolean('it', true)).toBe(true)
    expect(reader(undefined).oneOf('it', 'a', ['a', 'b'])).toBe('a')
  })

  test('within its bounds, both ends included, is taken', () => {
    expect(reader(1).wholeNumber('it', 7, range)).toBe(1)
    expect(reader(10).wholeNumber('it', 7, range)).toBe(10)
    expect(reader(1.5).number('it', 7, range)).toBe(1.5)
    expect(reader(false).boolean('it', true)).toBe(false)
    expect(reader('b').oneOf('it', 'a', ['a', 'b'])).toBe('b')
  })

  test.each([
    [0, '0 (number)'],
    [11, '11 (number)'],
    [1.5, '1.5 (number)'],
    [NaN, 'NaN (number)'],
    [Infinity, 'Infinity (number)'],
    ['5', '"5" (string)'],
    [5n, '5n (bigint)'],
    [null, 'null'],
    [true, 'true (boolean)'],
    [{ valueOf: () => 5 }, 'an object'],
  ])('is refused as a whole number: %s', (value, shown) => {
    const error = refusal(() => reader(value).wholeNumber('it', 7, range))
    expect(error.message).toBe(`at.it must be a whole number from 1 to 10, got ${shown}`)
    expect(error.option).toBe('at.it')
    expect(error.received).toBe(value)
  })

  test.each([0.99, 10.01, NaN, Infinity, -Infinity, '5', null])('is refused as a number: %s', (value) => {
    expect(() => reader(value).number('it', 7, range)).toThrow('at.it must be a number from 1 to 10, got ')
  })

  test.each([0, 'true', null])('is refused as a boolean: %s', (value) => {
    expect(() => reader(value).boolean('it', true)).toThrow('at.it must be true or false, got ')
  })

  test.each(['c', '', 'A', null, ['a']])('is refused as one of several: %s', (value) => {
    expect(() => reader(value).oneOf('it', 'a', ['a', 'b'])).toThrow("at.it must be 'a' or 'b', got ")
  })

  test.each(['', 'x'.repeat(11), 5, null, new String('abc')])('is refused as a string of 1 to 10: %s', (value) => {
    expect(() => checkString(value, 'it', range)).toThrow('it must be a string of 1 to 10 characters, got ')
  })

  test.each(['a\0', 'a\nb', '\x7f', '\x85', '\ud800', 'a\udc00b'])('is refused as a printable string: %j', (value) => {
    expect(() => checkPrintableString(value, 'it', range)).toThrow('it must hold no control characters')
  })

  test('that is printable may hold any script', () => {
    expect(checkPrintableString('é日 😀', 'it', range)).toBe('é日 😀')
  })
})

describe('a list', () => {
  const read = (value: unknown): readonly number[] =>
    checkList(value, 'them', { min: 1, max: 2 }, (item, option) => checkWholeNumber(item, option, range))

  test('is copied, so that the caller cannot change it afterwards', () => {
    const given = [1, 2]
    const taken = read(given)
    given[0] = 99
    expect(taken).toEqual([1, 2])
    expect(Object.isFrozen(taken)).toBe(true)
  })

  test.each([[[]], [[1, 2, 3]], ['12'], [null], [{ length: 1, 0: 1 }]])('is refused: %j', (value) => {
    expect(() => read(value)).toThrow('them must be an array of 1 to 2 items, got ')
  })

  test('names the item that is refused, a hole too', () => {
    expect(() => read([1, 'x'])).toThrow('them[1] must be a whole number')
    expect(() => read(new Array(2))).toThrow('them[0] must be a whole number from 1 to 10, got undefined')
  })
})

describe('a port', () => {
  class Port {
    open(): void {}
  }

  test('may be an instance of any class', () => {
    const port = new Port()
    expect(checkPort<Port>(port, 'port', ['open'])).toBe(port)
  })

  test.each([null, {}, { open: 1 }, () => 1, 'port'])('is refused without its methods: %s', (value) => {
    expect(() => checkPort<Port>(value, 'port', ['open'])).toThrow('port must be an object with the methods open, got ')
  })
})
