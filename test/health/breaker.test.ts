import { describe, expect, test } from 'vitest'
import { Scheduler } from '../../src/clock/scheduler.ts'
import { Breaker } from '../../src/health/breaker.ts'
import type { BreakerOwner } from '../../src/health/breaker.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'

function rig() {
  const clock = createVirtualClock()
  const scheduler = new Scheduler(clock)
  const told: [string, string | null][] = []
  const owner: BreakerOwner = {
    happened(happening, event) {
      if (happening.step(event)) told.push([happening.state, happening.reopensAt])
    },
    record: () => undefined,
  }
  return { clock, scheduler, told, breaker: new Breaker({ failures: 2, cooldownMs: 5000 }, clock, scheduler, owner) }
}

const reopensAt = '2025-01-01T00:00:05.000Z'

describe('a breaker at work', () => {
  test('opens after failures in a row, and says until when', () => {
    const { breaker, told } = rig()
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    expect([breaker.state, breaker.allows(99), told]).toEqual(['closed', true, []])
    breaker.failed()
    expect([breaker.state, breaker.reopensAt, breaker.allows(0)]).toEqual(['open', reopensAt, false])
    expect(told).toEqual([['open', reopensAt]])
  })

  test('lets one probe through when its cooldown is over', async () => {
    const { breaker, clock, scheduler, told } = rig()
    breaker.failed()
    breaker.failed()
    await clock.advance(4999)
    expect(breaker.state).toBe('open')
    await clock.advance(1)
    expect([breaker.state, breaker.reopensAt, breaker.allows(0), breaker.allows(1)]).toEqual([
      'halfOpen',
      null,
      true,
      false,
    ])
    breaker.succeeded()
    expect([breaker.state, breaker.allows(99), scheduler.size]).toEqual(['closed', true, 0])
    expect(told.map(([state]) => state)).toEqual(['open', 'halfOpen', 'closed'])
  })

  test('waits a whole cooldown more when the probe fails', async () => {
    const { breaker, clock } = rig()
    breaker.failed()
    breaker.failed()
    await clock.advance(5000)
    breaker.failed()
    expect([breaker.state, breaker.reopensAt]).toEqual(['open', '2025-01-01T00:00:10.000Z'])
    await clock.advance(4999)
    expect(breaker.state).toBe('open')
    await clock.advance(1)
    expect(breaker.state).toBe('halfOpen')
  })

  test('is not moved by answers that come in while it is open', async () => {
    const { breaker, clock, scheduler } = rig()
    breaker.failed()
    breaker.failed()
    await clock.advance(1000)
    breaker.failed()
    breaker.succeeded()
    expect([breaker.state, breaker.reopensAt, scheduler.size]).toEqual(['open', reopensAt, 1])
    await clock.advance(4000)
    expect(breaker.state).toBe('halfOpen')
  })

  test('takes no step that the log does not take', () => {
    const { clock, scheduler } = rig()
    const breaker = new Breaker({ failures: 1, cooldownMs: 5000 }, clock, scheduler, {
      happened: (happening, event) => expect(() => happening.step(event)).toThrow('disk full'),
      record: () => {
        throw new Error('disk full')
      },
    })
    breaker.failed()
    expect([breaker.state, breaker.reopensAt, scheduler.size]).toEqual(['closed', null, 0])
  })

  test('keeps the process alive only while an event waits for the end of its cooldown', async () => {
    const { breaker, clock, scheduler } = rig()
    breaker.failed()
    breaker.failed()
    expect([scheduler.size, scheduler.keepingAlive]).toEqual([1, 0])
    await clock.advance(2000)
    breaker.awaited(true)
    breaker.awaited(true)
    expect([scheduler.size, scheduler.keepingAlive]).toEqual([1, 1])
    await clock.advance(2999)
    expect(breaker.state).toBe('open')
    await clock.advance(1)
    expect([breaker.state, scheduler.keepingAlive]).toEqual(['halfOpen', 0])
  })
})
