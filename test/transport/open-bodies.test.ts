import { expect, it } from 'vitest'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import { OpenBodies } from '../../src/transport/open-bodies.ts'

function makeBody(bodies: OpenBodies) {
  const body = {
    openedInRound: 0,
    ended: false,
    overdue() {
      body.ended = true
      bodies.delete(body)
    },
  }
  bodies.add(body)
  return body
}

it('ends a body after bodyMs at the earliest and a quarter later at the latest', async () => {
  const clock = createVirtualClock()
  const bodies = new OpenBodies(clock, 2_000)
  const first = makeBody(bodies)
  await clock.advance(300)
  const second = makeBody(bodies)
  await clock.advance(1_700)
  expect(first.ended).toBe(false)
  await clock.advance(500)
  expect([first.ended, second.ended]).toEqual([true, true])
})

it('runs one timer while bodies are open and none when they have ended', async () => {
  const clock = createVirtualClock()
  const bodies = new OpenBodies(clock, 2_000)
  const open = [makeBody(bodies), makeBody(bodies), makeBody(bodies)]
  expect(clock.timers).toBe(1)
  for (const body of open) body.overdue()
  await clock.advance(500)
  expect(clock.timers).toBe(0)
})
