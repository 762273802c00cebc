import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printableText } from '../../src/cli/printable-text.ts'

test.each([
  ['a line end', 'a\nb', 'a\\x0ab'],
  ['an escape that clears the screen', '\x1b[2J', '\\x1b[2J'],
  ['a change of direction', 'a\u202eb', 'a\\u{202e}b'],
  ['half a character', 'a\ud800', 'a\\u{d800}'],
])('shows %s as its code point', (_, text, shown) => {
  expect(printableText(text)).toBe(shown)
})

test('leaves what people write as it is', () => {
  expect(printableText('Zahlung 4,90 € — 支払い 👍🏽')).toBe('Zahlung 4,90 € — 支払い 👍🏽')
})

test('lets no control character through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printableText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    }),
  )
})
