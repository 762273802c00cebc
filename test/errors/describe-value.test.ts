import { expect, test } from 'vitest'
import { describeValue } from '../../src/errors/describe-value.ts'
import { makeKeyParts, keyText } from '../../src/server/keys/key-text.ts'
import { systemRandomBytes } from '../../src/random/random-bytes.ts'

test('hides an API key that was given in place of something else, down to its id', () => {
  const parts = makeKeyParts(systemRandomBytes)
  expect(describeValue(`Bearer ${keyText(parts)}`)).toBe(`"Bearer hk_${parts.id}_…" (string)`)
})
