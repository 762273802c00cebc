import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { slowAttemptMs } from '../../src/lane/attempts-in-flight.ts'
import { Turn } from '../../src/lane/turn.ts'
import { TurnTaker } from '../../src/lane/turn-taker.ts'
import { Taker, TurnsRig } from './turns-rig.ts'

/** Turns are given in a microtask. */
const settled = () => Promise.resolve()

describe('turns', () => {
  test('go round: a long backlog does not keep others from theirs', async () => {
    const rig = new TurnsRig({ concurrency: 1 })
    const takers = [rig.offer('big', 100), rig.offer('small', 1), rig.offer('middle', 2)]
    for (let turn = 0; turn < 6; turn += 1) {
      await settled()
      takers.find((taker) => taker.inFlight > 0)?.end()
    }
    expect(rig.starts).toEqual(['big', 'small', 'middle', 'big', 'middle', 'big'])
  })

  test('go round over all paces: who waits longest comes first, as long as places are enough', async () => {
    const rig = new TurnsRig({ concurrency: 32 })
    const [slow] = await rig.known(1, 'slow', slowAttemptMs)
    const [prompt] = await rig.known(1, 'prompt', 5)
    rig.starts.length = 0
    rig.again(slow!, 2)
    rig.offer('untried', 2)
    rig.again(prompt!, 2)
    await settled()
    expect(rig.starts).toEqual(['slow', 'untried', 'prompt', 'slow', 'untried', 'prompt'])
  })

  test.each([3, 63])('are given only while fewer than the concurrency (%d) are in flight', async (concurrency) => {
    const rig = new TurnsRig({ concurrency })
    const [a] = [rig.offer('a', 60), rig.offer('b', 60)]
    await settled()
    expect([rig.turns.inFlight, rig.starts.length, rig.turns.waiting]).toEqual([concurrency, concurrency, 2])
    a.end()
    await settled()
    expect([rig.turns.inFlight, rig.starts.length]).toEqual([concurrency, concurrency + 1])
  })

  test('are never given from inside the offer, and one offer many times over is one place', async () => {
    const rig = new TurnsRig({ concurrency: 10 })
    const taker = new Taker(rig, 'a', 1)
    rig.turns.offer(taker)
    rig.turns.offer(taker)
    expect([rig.starts, rig.turns.waiting]).toEqual([[], 1])
    await settled()
    expect([rig.starts, rig.turns.waiting, rig.turns.inFlight]).toEqual([['a'], 0, 1])
  })

  test('of someone who starts nothing take up no place', async () => {
    const rig = new TurnsRig({ concurrency: 1 })
    rig.offer('none', 0)
    rig.offer('a', 1)
    await settled()
    expect([rig.starts, rig.turns.inFlight]).toEqual([['a'], 1])
  })

  test('that end at once give back their place', async () => {
    const { turns } = new TurnsRig({ concurrency: 1 })
    let starts = 0
    class Instant extends TurnTaker {
      readonly wantsTurn = true

      takeTurn(): boolean {
        const turn = new Turn(this)
        turns.begin(turn)
        starts += 1
        turns.release(turn)
        return starts < 5
      }

      turnHeld(): void {}
    }
    turns.offer(new Instant())
    await settled()
    expect([starts, turns.inFlight]).toEqual([5, 0])
  })

  test('are all over once it is quiet: nothing in flight and nobody waiting', async () => {
    const rig = new TurnsRig({ concurrency: 1 })
    const a = rig.offer('a', 2)
    await settled()
    expect(rig.quiets).toBe(0)
    a.end()
    await settled()
    expect(rig.quiets).toBe(0)
    a.end()
    await settled()
    expect(rig.quiets).toBe(1)
  })

  test('are not given once closed, and it is quiet when the last in flight has ended', async () => {
    const rig = new TurnsRig({ concurrency: 1 })
    const a = rig.offer('a', 5)
    await settled()
    rig.turns.close()
    await settled()
    expect(rig.quiets).toBe(0)
    a.end()
    await settled()
    expect([rig.starts.length, rig.quiets]).toEqual([1, 1])
  })
})

describe('of 100 places', () => {
  const rigOf100 = () => new TurnsRig({ concurrency: 100, timeoutMs: 20_000 })

  test('a part is kept for prompt endpoints, however many others hang, and however long', async () => {
    // As if each had a timeout of its own, far longer than the service's.
    const rig = new TurnsRig({ concurrency: 100, timeoutMs: 100 })
    const prompt = await rig.known(6, 'prompt', 5)
    rig.offerMany(500, 'hangs')
    await rig.clock.advance(60_000)
    expect(rig.turns.inFlight).toBe(94)
    for (const taker of prompt) rig.again(taker)
    await settled()
    expect(prompt.every(({ inFlight }) => inFlight === 1)).toBe(true)
  })

  test('prompt endpoints may hold all', async () => {
    const rig = rigOf100()
    const prompt = [
      ...(await rig.known(50, 'prompt', 5)),
      ...(await rig.known(50, 'prompt', 5)),
      ...(await rig.known(50, 'prompt', 5)),
    ]
    for (const taker of prompt) rig.again(taker)
    await settled()
    expect([rig.turns.inFlight, rig.turns.waiting]).toEqual([100, 50])
  })

  test('untried endpoints get half in their order, and of the rest a few at once, the newest first', async () => {
    const rig = rigOf100()
    Array.from({ length: 200 }, (_, n) => rig.offer(`${n}`))
    await settled()
    expect(rig.starts.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, n) => `${n}`))
    expect(rig.starts.slice(50)).toEqual(['199', '198', '197', '196', '195'])
  })

  test('a new endpoint waits for a fraction of the timeout though hundreds hang, whenever it comes', async () => {
    const rig = rigOf100()
    rig.offerMany(500, 'hangs')
    for (const waitMs of [0, 500, 3000, 9000, 7499]) {
      await rig.clock.advance(waitMs)
      const taker = rig.offer('new')
      await rig.clock.advance(3000)
      expect(taker.inFlight).toBe(1)
      taker.end()
    }
  })

  test('a hundred new endpoints that answer are all tried soon though hundreds hang', async () => {
    const rig = rigOf100()
    rig.offerMany(500, 'hangs')
    await rig.clock.advance(2000)
    const fresh = rig.offerMany(100, 'new')
    for (let passedMs = 0; passedMs < 5000; passedMs += 50) {
      await rig.clock.advance(50)
      for (const taker of fresh) if (taker.inFlight > 0) taker.end()
    }
    expect(fresh.every(({ pace }) => pace === 'prompt')).toBe(true)
  })

  test('slow endpoints get half while others wait, and all but two shares when nobody else does', async () => {
    const rig = rigOf100()
    const slow = [...(await rig.known(50, 'slow', slowAttemptMs)), ...(await rig.known(50, 'slow', slowAttemptMs))]
    const untried = new Taker(rig, 'untried', 100)
    for (const taker of slow) rig.again(taker)
    rig.turns.offer(untried)
    await settled()
    // The untried one came last and explores.
    expect([rig.turns.slowInFlight, untried.inFlight]).toEqual([50, 5])
    untried.left = 0
    while (untried.inFlight > 0) untried.end()
    await settled()
    expect([rig.turns.slowInFlight, rig.turns.inFlight]).toEqual([88, 88])
  })

  test('an endpoint whose attempt becomes slow counts as slow from that moment, though nothing ends', async () => {
    const rig = rigOf100()
    rig.offer('many', 200)
    await settled()
    expect([rig.turns.slowInFlight, rig.turns.inFlight]).toEqual([0, 55])
    // It is alone: slow, it may hold more.
    await rig.clock.advance(slowAttemptMs)
    expect([rig.turns.slowInFlight, rig.turns.inFlight]).toEqual([88, 88])
  })

  test('an endpoint that has been slow is prompt again once it answers in time, and nothing else is slow', async () => {
    const rig = rigOf100()
    const [taker] = await rig.known(1, 'a', slowAttemptMs)
    rig.again(taker!, 2)
    await settled()
    expect(taker!.pace).toBe('slow')
    taker!.end()
    taker!.end()
    expect(taker!.pace).toBe('prompt')
  })

  test('nothing is scheduled when nobody is held back', async () => {
    const rig = rigOf100()
    rig.offerMany(50, 'a')
    await settled()
    expect(rig.scheduler.size).toBe(0)
    rig.offerMany(50, 'b')
    await settled()
    expect([rig.scheduler.size, rig.scheduler.keepingAlive]).toEqual([1, 0])
    rig.turns.close()
    await settled()
    expect(rig.scheduler.size).toBe(0)
  })
})

describe('the rate limit of the service', () => {
  test('holds everyone in order, and tells who is held', async () => {
    const rig = new TurnsRig({ concurrency: 10, rateLimit: { perSecond: 2, burst: 1 } })
    const [a, b, c] = [rig.offer('a'), rig.offer('b'), rig.offer('c')]
    await settled()
    expect([rig.starts, b.held, c.held]).toEqual([['a'], [500], []])
    expect([rig.scheduler.size, rig.scheduler.keepingAlive]).toEqual([1, 1])
    await rig.clock.advance(499)
    expect(rig.starts).toEqual(['a'])
    await rig.clock.advance(1)
    expect(rig.starts).toEqual(['a', 'b'])
    await rig.clock.advance(500)
    expect(rig.starts).toEqual(['a', 'b', 'c'])
    expect([a, b, c].map((taker) => rig.turns.heldMs(taker))).toEqual([0, 500, 1000])
    expect(rig.scheduler.size).toBe(0)
  })

  test('loses no token to someone who starts nothing', async () => {
    const rig = new TurnsRig({ concurrency: 10, rateLimit: { perSecond: 1, burst: 1 } })
    rig.offer('none', 0)
    rig.offer('a')
    await settled()
    expect(rig.starts).toEqual(['a'])
  })

  test('gets its token back from an attempt that does not start after all', async () => {
    const rig = new TurnsRig({ concurrency: 10, rateLimit: { perSecond: 1, burst: 1 } })
    class NeverStarts extends TurnTaker {
      readonly wantsTurn = true

      takeTurn(): boolean {
        const turn = new Turn(this)
        rig.turns.begin(turn)
        rig.turns.giveBack(turn)
        return false
      }

      turnHeld(): void {}
    }
    rig.turns.offer(new NeverStarts())
    rig.offer('a')
    await settled()
    expect([rig.starts, rig.turns.inFlight]).toEqual([['a'], 1])
  })

  test('does not hold while the concurrency does', async () => {
    const rig = new TurnsRig({ concurrency: 1, rateLimit: { perSecond: 1, burst: 1 } })
    const [a, b] = [rig.offer('a'), rig.offer('b')]
    await rig.clock.advance(5000)
    a.end()
    await settled()
    expect([rig.starts, b.held, rig.turns.heldMs(b)]).toEqual([['a', 'b'], [], 0])
  })
})

test('whatever happens: the concurrency holds, prompt endpoints wait for no one, and nobody who may start waits', async () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant('offer' as const), hangs: fc.boolean(), left: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ type: fc.constant('answer' as const) }),
    fc.record({ type: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 3000 }) }),
  )
  const concurrency = fc.integer({ min: 1, max: 64 })
  await fc.assert(
    fc.asyncProperty(concurrency, fc.array(step, { minLength: 20, maxLength: 120 }), async (most, steps) => {
      const rig = new TurnsRig({ concurrency: most, timeoutMs: 5000 })
      const share = Math.floor(most / 16)
      const takers: { readonly taker: Taker; readonly hangs: boolean }[] = []
      const inFlightOf = (pace: string) =>
        takers.reduce((sum, { taker }) => sum + (taker.pace === pace ? taker.inFlight : 0), 0)
      for (const action of steps) {
        if (action.type === 'offer') {
          takers.push({ taker: rig.offer('a', action.left), hangs: action.hangs })
        } else if (action.type === 'advance') {
          await rig.clock.advance(action.ms)
        } else {
          for (const { taker, hangs } of takers) while (!hangs && taker.inFlight > 0) taker.end()
        }
        await settled()
        const waits = (pace: string) => takers.some(({ taker }) => taker.inRing && taker.pace === pace)
        const notPrompt = inFlightOf('untried') + inFlightOf('slow')
        expect(rig.turns.inFlight).toBeLessThanOrEqual(most)
        expect(rig.turns.inFlight).toBe(takers.reduce((sum, { taker }) => sum + taker.inFlight, 0))
        if (rig.turns.inFlight === most) continue
        expect(waits('prompt')).toBe(false)
        if (notPrompt < (share === 0 ? most : Math.floor(most / 2))) expect(rig.turns.waiting).toBe(0)
        // Whoever is held back is woken by time alone.
        if (rig.turns.waiting > 0 && inFlightOf('slow') < most - 2 * share) expect(rig.scheduler.size).toBe(1)
      }
    }),
    { numRuns: 100 },
  )
})
