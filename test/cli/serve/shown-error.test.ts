import { expect, test } from 'vitest'
import { shownError } from '../../../src/cli/serve/shown-error.ts'
import { StorageError } from '../../../src/index.ts'

test('shows what an error says, its code, its stack and its causes, and nothing that is attached to it', () => {
  const cause = new StorageError('the log "x": no space', 'full', true)
  const error = Object.assign(new TypeError('Invalid URL', { cause }), {
    code: 'ERR_INVALID_URL',
    input: 'http://hush@x',
  })
  expect(shownError(error)).toEqual({
    type: 'TypeError',
    message: 'Invalid URL',
    code: 'ERR_INVALID_URL',
    stack: error.stack,
    cause: { type: 'StorageError', message: cause.message, code: 'STORAGE_FAILED', reason: 'full', stack: cause.stack },
  })
})

test('follows causes only so far, and shows what is no error as a text', () => {
  const error = new Error('round')
  error.cause = error
  expect(JSON.stringify(shownError(error)).match(/"round"/g)).toHaveLength(6)
  expect(shownError('thrown')).toBe('thrown')
})
