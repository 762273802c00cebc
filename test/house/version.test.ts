import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { version } from '../../src/version.ts'

test('sends the version of the package in User-Agent', () => {
  expect(version).toBe(manifest.version)
})
