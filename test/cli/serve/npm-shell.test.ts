import { describe, expect, test } from 'vitest'
import { whenNpmShellIsGone } from '../../../src/cli/serve/npm-shell.ts'
import { createVirtualClock } from '../../../src/testing/virtual-clock.ts'

/** A process that was started with this environment, and how often it was ended since its parent is gone. */
async function endsOf(environment: Record<string, string>): Promise<{ before: number; after: number }> {
  const clock = createVirtualClock()
  let parent = 7
  let ends = 0
  whenNpmShellIsGone({ clock, environment, parentId: () => parent }, () => (ends += 1))
  await clock.advance(10_000)
  const before = ends
  parent = 1
  await clock.advance(10_000)
  return { before, after: ends }
}

describe('when the parent of the process is gone', () => {
  test.each([{ npm_lifecycle_event: 'npx' }, { npm_lifecycle_event: 'start', npm_package_name: 'hookline' }])(
    'what npm has started ends, once: %o',
    async (environment) => expect(await endsOf(environment)).toEqual({ before: 0, after: 1 }),
  )

  test.each([{}, { npm_lifecycle_event: 'start', npm_package_name: 'shop' }, { npm_lifecycle_event: 'test' }])(
    'what was put into the background by something else goes on: %o',
    async (environment) => expect(await endsOf(environment)).toEqual({ before: 0, after: 0 }),
  )
})
