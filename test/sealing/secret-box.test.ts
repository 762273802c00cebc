import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StorageError } from '../../src/errors/errors.ts'
import { secretBox } from '../../src/sealing/secret-box.ts'

const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill)
const first = { id: 'first', key: key(1) }
const second = { id: 'second', key: key(2) }

function failureOf(open: () => unknown): StorageError {
  try {
    open()
  } catch (error) {
    if (error instanceof StorageError) return error
    throw error
  }
  throw new Error('it opened')
}

describe('secretBox', () => {
  it('opens what it sealed, whatever the text, the owner and the key id', () => {
    const keyId = fc.stringMatching(/^[!-~]{1,64}$/)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), keyId, (text, owner, id) => {
        const box = secretBox([{ id, key: key(1) }])
        const sealed = box.seal(text, owner)
        expect(sealed).toMatch(/^sealed:1:[!-~]+$/)
        expect(box.open(sealed, owner)).toBe(text)
        expect(box.needsResealing(sealed)).toBe(false)
      }),
    )
  })

  it('writes a form that later versions must open', () => {
    const box = secretBox([first], 'secretKeys', (count) => new Uint8Array(count).fill(9))
    const sealed = 'sealed:1:first:CQkJCQkJCQkJCQkJ.sGdC7rpVfrW1x-x41Zu-rekZdNs0BIG5'
    expect(box.seal('the text', 'ep_1')).toBe(sealed)
    expect(box.open(sealed, 'ep_1')).toBe('the text')
  })

  it('never seals the same text alike', () => {
    const box = secretBox([first])
    const sealed = new Set(Array.from({ length: 100 }, () => box.seal('the text', 'ep_1')))
    expect(sealed.size).toBe(100)
  })

  it('does not open what was sealed for another owner', () => {
    const box = secretBox([first])
    const sealed = box.seal('the text', 'ep_1')
    expect(failureOf(() => box.open(sealed, 'ep_2'))).toMatchObject({ reason: 'wrongKey', recoverable: false })
  })

  it('does not open what names another key than it was sealed with', () => {
    const same = secretBox([first, { id: 'other', key: first.key }])
    const sealed = same.seal('the text', 'ep_1').replace(':first:', ':other:')
    expect(failureOf(() => same.open(sealed, 'ep_1')).reason).toBe('wrongKey')
  })

  it('opens nothing that was changed, wherever', () => {
    const box = secretBox([first])
    const sealed = box.seal('the text', 'ep_1')
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.stringMatching(/^[\w:.-]$/), (place, letter) => {
        fc.pre(sealed[place] !== letter)
        const changed = sealed.slice(0, place) + letter + sealed.slice(place + 1)
        expect(['wrongKey', 'damaged']).toContain(failureOf(() => box.open(changed, 'ep_1')).reason)
      }),
    )
  })

  it('names the key that is needed, and nothing that is secret', () => {
    const sealed = secretBox([first]).seal('s3cret', 'ep_1')
    const { message } = failureOf(() => secretBox([second]).open(sealed, 'ep_1'))
    expect(message).toBe(
      'what is stored of ep_1 is sealed with the key "first", which was not given; give it among the secret keys (the first seals, all open)',
    )
    expect(failureOf(() => secretBox([]).open(sealed, 'ep_1')).message).toBe(message)
  })

  it('tells another key under the same id', () => {
    const sealed = secretBox([first]).seal('s3cret', 'ep_1')
    const { message, reason } = failureOf(() => secretBox([{ ...second, id: 'first' }]).open(sealed, 'ep_1'))
    expect(reason).toBe('wrongKey')
    expect(message).toContain('does not open with the key "first"')
    expect(message).not.toContain('s3cret')
  })

  it.each([
    ['nothing', ''],
    ['a text without a mark', 'the text'],
    ['a later form', 'sealed:2:first:CQkJCQkJCQkJCQkJ.7bhRZ6FKeCZ28Ynx42DQkpcxxRTdCp8r'],
    ['one that is cut short', 'sealed:1:first:CQkJCQkJCQkJCQkJ.7bhRZ'],
  ])('calls damaged what nobody sealed so: %s', (_, sealed) => {
    expect(failureOf(() => secretBox([first]).open(sealed, 'ep_1')).reason).toBe('damaged')
  })

  it('marks what it keeps without a key as plain', () => {
    const box = secretBox(undefined)
    expect(box.seal('the text', 'ep_1')).toBe('plain:the text')
    expect(box.open('plain:the text', 'ep_1')).toBe('the text')
    expect(box.needsResealing('plain:the text')).toBe(false)
  })

  it('changes the key: the new one seals, the former one opens until all is sealed anew', () => {
    const plain = secretBox([]).seal('a', 'ep_1')
    const former = secretBox([first]).seal('a', 'ep_1')
    const changing = secretBox([second, first])
    expect([plain, former].map((sealed) => changing.open(sealed, 'ep_1'))).toEqual(['a', 'a'])
    expect([plain, former].map((sealed) => changing.needsResealing(sealed))).toEqual([true, true])
    const anew = changing.seal(changing.open(former, 'ep_1'), 'ep_1')
    expect(changing.needsResealing(anew)).toBe(false)
    expect(secretBox([second]).open(anew, 'ep_1')).toBe('a')
  })
})
