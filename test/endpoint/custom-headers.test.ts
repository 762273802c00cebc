import { describe, expect, test } from 'vitest'
import { resolveCustomHeaders } from '../../src/endpoint/custom-headers.ts'
import { InvalidOptionError } from '../../src/errors/errors.ts'

const resolve = (value: unknown) => resolveCustomHeaders(value, 'headers')

function refusal(value: unknown): InvalidOptionError {
  try {
    resolve(value)
  } catch (error) {
    if (error instanceof InvalidOptionError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const numbered = (count: number, value: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`X-Custom-${index}`, value]))

describe('custom headers', () => {
  test('become names and values in turn, in the order given', () => {
    expect(resolve({ Authorization: 'Bearer a b', 'X-Tab': 'a\tb' })).toEqual([
      'Authorization',
      'Bearer a b',
      'X-Tab',
      'a\tb',
    ])
  })

  test('are none when none are given', () => {
    expect(resolve(undefined)).toEqual([])
    expect(resolve({})).toEqual([])
  })

  test('are taken up to their limits', () => {
    expect(resolve(numbered(32, 'x'))).toHaveLength(64)
    expect(resolve({ 'X-A': 'x'.repeat(4096) })).toHaveLength(2)
    expect(resolve(numbered(4, 'x'.repeat(4096 - 'X-Custom-0'.length)))).toHaveLength(8)
  })

  test.each([
    [numbered(33, 'x'), 'headers must hold at most 32 headers, got 33'],
    [{ 'X-A': 'x'.repeat(4097) }, 'headers["X-A"] must be 1 to 4096 bytes long, got 4097 characters'],
    [
      { ...numbered(4, 'x'.repeat(4096 - 'X-Custom-0'.length)), b: 'x' },
      'headers must hold at most 16384 bytes of names and values, got 16386 bytes',
    ],
    [{ 'X-A': 'a', 'x-a': 'b' }, 'headers["x-a"] must be given once, got the same name in another writing'],
    [{ 'X-A': 'a', X_A: 'b' }, 'headers["X_A"] must be given once, got the same name in another writing'],
  ])('are refused beyond them', (value, message) => {
    expect(refusal(value).message).toBe(message)
  })

  test.each(['', 'a b', 'a\r\nb', 'é', 'a:b', 'a(', '\0'])('are refused with the name %j', (name) => {
    expect(refusal({ [name]: 'x' }).message).toContain('must have a name of letters, digits and hyphens')
  })

  test.each([
    'Host',
    'content-length',
    'WEBHOOK-ID',
    'X-Signature',
    'Content-Type',
    'x-amz-target',
    'Proxy-Authorization',
  ])('are refused with the reserved name %s', (name) => {
    expect(refusal({ [name]: 'x' }).message).toBe(
      `headers["${name}"] must not be set, got a header reserved for hookline, the connection, proxies or metadata services`,
    )
  })

  test.each(['', ' a', 'a ', '\ta', 'a\t', ' ', 'a\r\nX-Evil: 1', 'a\nb', 'a\0b', '\x7f', 'é', '日', '\u0080'])(
    'are refused with the value %j',
    (value) => {
      expect(refusal({ 'X-A': value }).option).toBe('headers["X-A"]')
    },
  )

  test.each([
    [['a'], 'a value of type object'],
    [5, 'a value of type number'],
    [null, 'null'],
    [undefined, 'a value of type undefined'],
    [{ toString: () => 'a\r\nb' }, 'a value of type object'],
  ])('are refused with a value that is no string: %j', (value, shown) => {
    expect(refusal({ 'X-A': value }).message).toBe(`headers["X-A"] must be a string, got ${shown}`)
  })

  test.each([[[['X-A', 'x']]], [new Headers({ 'X-A': 'x' })], [null], ['X-A: x']])(
    'are refused in another form',
    (value) => {
      expect(refusal(value).option).toBe('headers')
    },
  )

  test('are refused when their own code throws', () => {
    const throws = (): never => {
      throw new Error('canary')
    }
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    for (const value of [
      new Proxy({}, { ownKeys: throws }),
      Object.defineProperty({}, 'X-A', { enumerable: true, get: throws }),
      proxy,
    ]) {
      const error = refusal(value)
      expect(error.message).toMatch(/^headers must be readable/)
      expect(JSON.stringify(error)).not.toContain('canary')
    }
  })

  test.each([
    { 'X-A': 'canary\n' },
    { 'X-A': `canary${'x'.repeat(5000)}` },
    { 'X-A': ' canary' },
    { 'X-A': ['canary'] },
    { 'X-A': 'canary', 'x-a': 'canary' },
    { Host: 'canary' },
    [['Authorization', 'canary']],
    new Map([['Authorization', 'canary']]),
    'Authorization: canary',
    { 'bad name': 'canary' },
    { 'Authorization: Bearer canary': 'x' },
  ])('are never repeated in an error: %j', (value) => {
    const error = refusal(value)
    expect(JSON.stringify([error.message, error.option, error.received])).not.toContain('canary')
  })
})
