import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writingsOf } from '../../src/signing/confidential-text.ts'
import { CoveredText } from '../../src/signing/covered-text.ts'

function hide(text: string, ...confidential: string[]): string {
  const covered = new CoveredText(text)
  covered.cover(writingsOf(confidential))
  return covered.shown
}

describe('a confidential text', () => {
  it.each([
    ['as it is', 'got abc/"é"', 'got [redacted]'],
    ['in a JSON string', String.raw`{"got":"abc/\"é\""}`, '{"got":"[redacted]"}'],
    ['in a JSON string of ASCII alone', String.raw`{"got":"abc/\"\u00e9\""}`, '{"got":"[redacted]"}'],
    ['in a JSON string with escaped slashes', String.raw`{"got":"abc\/\"\u00e9\""}`, '{"got":"[redacted]"}'],
    ['in a URL', '?got=abc%2F%22%C3%A9%22&x=1', '?got=[redacted]&x=1'],
    ['twice', 'abc/"é"abc/"é"', '[redacted][redacted]'],
    ['cut off at the end', 'got abc/', 'got [redacted]'],
  ])('is hidden where it stands %s', (_, text, shown) => {
    expect(hide(text, 'abc/"é"')).toBe(shown)
  })

  it('leaves all else as it is', () => {
    for (const text of ['', 'got nothing', 'got abc', 'abcd', 'xabc/"']) {
      expect(hide(text, 'abc/"é"')).toBe(text.endsWith('abc/"') ? 'x[redacted]' : text)
    }
  })

  it('of fewer than four characters is not looked for', () => {
    expect(hide('a1 abc', 'a1', 'abc')).toBe('a1 abc')
  })

  it('that holds another is hidden whole', () => {
    expect(hide('Bearer token', 'token', 'Bearer token')).toBe('[redacted]')
  })

  it('is hidden with others that it overlaps, to the last character', () => {
    expect(hide('got abcdefghij.', 'abcdef', 'efghij')).toBe('got [redacted].')
  })

  it('that is part of the mark makes the text longer no more than any other', () => {
    const pieces = ['[redacted', 'redacted', 'redact', 'acted', 'reda', 'cted', 'dact', '[red', 'ted]']
    expect(hide('[redacted]'.repeat(100), ...pieces)).toBe('[redacted]'.repeat(100))
  })

  it('is found wherever a search by the letter finds it', () => {
    const letters = fc.constantFrom('a', 'b')
    const text = fc.string({ unit: letters, maxLength: 40 })
    const writing = fc.string({ unit: letters, minLength: 4, maxLength: 12 })
    fc.assert(
      fc.property(text, writing, (given, secret) => {
        const covered = Array.from(given, () => false)
        for (let from = 0; from < given.length; from += 1) {
          const rest = given.slice(from, from + secret.length)
          if (rest.length >= 4 && secret.startsWith(rest)) covered.fill(true, from, from + rest.length)
        }
        const shown = hide(given, secret).replaceAll('[redacted]', '.')
        expect(shown.replaceAll('.', '')).toBe(Array.from(given, (letter, i) => (covered[i] ? '' : letter)).join(''))
      }),
    )
  })

  it('is nowhere in what is shown, whatever stands around it and wherever that is cut', () => {
    const text = fc.string({ maxLength: 30, unit: 'binary' })
    const confidential = fc.string({
      minLength: 4,
      maxLength: 12,
      unit: fc.constantFrom(...Array.from('aB3/"\\+é日 ')),
    })
    fc.assert(
      fc.property(text, confidential, text, fc.nat(), (left, secret, right, at) => {
        const whole = left + secret + right
        for (const given of [whole, whole.slice(0, at % (whole.length + 1))]) {
          const shown = hide(given, secret)
          expect(shown.replaceAll('[redacted]', '\0')).not.toContain(secret)
          // What is shown of its beginning is no longer than three characters.
          expect(shown.endsWith(secret.slice(0, 4))).toBe(false)
        }
      }),
    )
  })
})
