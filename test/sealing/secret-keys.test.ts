import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { readSecretKeys } from '../../src/sealing/secret-keys.ts'

const bytes = Uint8Array.from({ length: 32 }, (_, index) => index * 7)
const hex = Buffer.from(bytes).toString('hex')

function refusalOf(keys: unknown): InvalidOptionError {
  try {
    readSecretKeys(keys, 'secretKeys')
  } catch (error) {
    if (error instanceof InvalidOptionError) return error
  }
  throw new Error('the keys were taken')
}

describe('readSecretKeys', () => {
  it.each([
    ['bytes', bytes],
    ['a Buffer', Buffer.from(bytes)],
    ['hex digits', hex],
    ['hex digits in upper case', hex.toUpperCase()],
    ['base64', Buffer.from(bytes).toString('base64')],
  ])('takes a key as %s', (_, key) => {
    const keys = readSecretKeys([{ id: 'k1', key }], 'secretKeys')
    expect(keys.get('k1')?.export()).toEqual(Buffer.from(bytes))
  })

  it('keeps its own copy of the bytes', () => {
    const given = Uint8Array.from(bytes)
    const keys = readSecretKeys([{ id: 'k1', key: given }], 'secretKeys')
    given.fill(0)
    expect(keys.get('k1')?.export()).toEqual(Buffer.from(bytes))
  })

  it.each([[undefined], [[]]])('takes no keys for none: %o', (keys) => {
    expect(readSecretKeys(keys, 'secretKeys').size).toBe(0)
  })

  it.each([
    [[{ id: 'k1', key: bytes.subarray(1) }], 'secretKeys[0].key must be 32 bytes', '31 bytes'],
    [[{ id: 'k1', key: hex.slice(1) }], 'secretKeys[0].key must be 32 bytes', 'a string of 63 characters'],
    [[{ id: 'k1', key: hex.slice(2) }], 'secretKeys[0].key must be 32 bytes', 'a string of 62 characters'],
    [[{ id: 'k1' }], 'secretKeys[0].key must be 32 bytes', 'a value of type undefined'],
    [[{ id: 'a b', key: hex }], 'secretKeys[0].id must be 1 to 64 visible ASCII', 'a string of 3 characters'],
    [[{ id: 'x'.repeat(65), key: hex }], 'secretKeys[0].id must be 1 to 64', 'a string of 65 characters'],
    [[{ id: 'é', key: hex }], 'secretKeys[0].id must be 1 to 64', 'a string of 1 characters'],
    [
      [
        { id: 'k1', key: hex },
        { id: 'k1', key: bytes },
      ],
      'secretKeys[1].id must be given once',
      'the id of a key before it',
    ],
    [
      Array.from({ length: 101 }, (_, index) => ({ id: `${index}`, key: hex })),
      'an array of 0 to 100 items',
      'an array of 101',
    ],
  ])('refuses %o', (keys, rule, received) => {
    const { message } = refusalOf(keys)
    expect(message).toContain(rule)
    expect(message).toContain(`, got ${received}`)
  })

  it.each([
    ['in place of the list', hex],
    ['in place of a key', [hex]],
    ['as its own list', [[hex]]],
    ['in place of the id', [{ id: `${hex}!`, key: 'k1' }]],
    ['under another name', [{ id: 'k1', secret: hex }]],
    ['cut short', [{ id: 'k1', key: hex.slice(0, 40) }]],
    ['as a number', [{ id: 'k1', key: BigInt(`0x${hex}`) }]],
    ['twice under one id', [0, 1].map(() => ({ id: hex, key: hex }))],
    ['too often', Array.from({ length: 101 }, () => ({ id: 'k1', key: hex }))],
  ])('shows nothing of a key that was given %s', (_, keys) => {
    const shown = inspect(refusalOf(keys), { depth: Infinity, showHidden: true })
    expect(shown).not.toContain(hex.slice(2, 20))
    expect(shown).not.toContain(`${BigInt(`0x${hex}`)}`.slice(2, 20))
  })
})
