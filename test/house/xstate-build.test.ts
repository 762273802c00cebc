import { expect, test, vi } from 'vitest'
import { createActor, createMachine } from 'xstate'

test('runs on the build of xstate that the mode names', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined)
  const actor = createActor(createMachine({})).start().stop()
  actor.send({ type: 'late' }) // only the development build says that nobody heard it
  expect(warn).toHaveBeenCalledTimes(process.env['MODE'] === 'development' ? 1 : 0)
  warn.mockRestore()
})
