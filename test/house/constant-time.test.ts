import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const sources = fileURLToPath(new URL('../../src/', import.meta.url))
const textOf = (file: string): string => readFileSync(`${sources}${file}`, 'utf8')

// How long a comparison takes cannot be measured on a machine that others use too; what makes it can be read.
test('what was computed from a secret is compared by constantTimeEqual, and that by timingSafeEqual', () => {
  const files = ['server/keys/', 'verify/'].flatMap((folder) =>
    readdirSync(sources + folder).flatMap((name) => (name.endsWith('.ts') ? [folder + name] : [])),
  )
  const lines = files.flatMap((file) => textOf(file).split('\n'))
  expect(lines.filter((line) => /(hash|hmac).*[!=]==|[!=]==.*(hash|hmac)/i.test(line))).toEqual([])
  const comparing = files.filter((file) => textOf(file).includes('constantTimeEqual('))
  expect(comparing).toEqual(expect.arrayContaining(['server/keys/create-authenticator.ts', 'verify/body-scheme.ts']))
  expect(textOf('verify/constant-time-equal.ts')).toContain('timingSafeEqual(')
})
