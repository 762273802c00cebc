import { describe, expect, test } from 'vitest'
import { Turns } from '../../src/lane/turns.ts'
import type { TurnTaker } from '../../src/lane/turns.ts'

/** Someone with `left` requests to send, who notes each start. */
class Taker implements TurnTaker {
  inRing = false
  left: number
  readonly #name: string
  readonly #starts: string[]

  constructor(name: string, left: number, starts: string[]) {
    this.#name = name
    this.left = left
    this.#starts = starts
  }

  takeTurn(): { started: boolean; more: boolean } {
    if (this.left === 0) return { started: false, more: false }
    this.left -= 1
    this.#starts.push(this.#name)
    return { started: true, more: this.left > 0 }
  }
}

function rig(concurrency: number) {
  const starts: string[] = []
  let quiets = 0
  const turns = new Turns(concurrency, () => (quiets += 1))
  const offer = (name: string, left: number): void => turns.offer(new Taker(name, left, starts))
  return { turns, starts, offer, quiets: () => quiets }
}

/** Turns are given in a microtask. */
const settled = () => Promise.resolve()

describe('turns', () => {
  test('go round: a long backlog does not keep others from theirs', async () => {
    const { turns, starts, offer } = rig(1)
    offer('big', 100)
    offer('small', 1)
    offer('middle', 2)
    for (let turn = 0; turn < 6; turn += 1) {
      await settled()
      turns.release()
    }
    expect(starts).toEqual(['big', 'small', 'middle', 'big', 'middle', 'big'])
  })

  test('are given only while fewer than the concurrency are in flight', async () => {
    const { turns, starts, offer } = rig(3)
    offer('a', 10)
    offer('b', 10)
    await settled()
    expect([turns.inFlight, starts.length, turns.waiting]).toEqual([3, 3, 2])
    turns.release()
    await settled()
    expect([turns.inFlight, starts.length]).toEqual([3, 4])
  })

  test('are never given from inside the offer, and one offer many times over is one place', async () => {
    const { turns, starts } = rig(10)
    const taker = new Taker('a', 1, starts)
    turns.offer(taker)
    turns.offer(taker)
    expect([starts, turns.waiting]).toEqual([[], 1])
    await settled()
    expect([starts, turns.waiting, turns.inFlight]).toEqual([['a'], 0, 1])
  })

  test('of someone who starts nothing take up no place', async () => {
    const { turns, starts, offer } = rig(1)
    offer('none', 0)
    offer('a', 1)
    await settled()
    expect([starts, turns.inFlight]).toEqual([['a'], 1])
  })

  test('that end at once give back their place', async () => {
    const { turns, starts } = rig(1)
    const instant: TurnTaker = {
      inRing: false,
      takeTurn: () => {
        starts.push('instant')
        turns.release()
        return { started: true, more: starts.length < 5 }
      },
    }
    turns.offer(instant)
    await settled()
    expect([starts.length, turns.inFlight]).toEqual([5, 0])
  })

  test('are all over once it is quiet: nothing in flight and nobody waiting', async () => {
    const { turns, offer, quiets } = rig(1)
    offer('a', 2)
    await settled()
    expect(quiets()).toBe(0)
    turns.release()
    await settled()
    expect(quiets()).toBe(0)
    turns.release()
    await settled()
    expect(quiets()).toBe(1)
  })

  test('are not given once closed, and it is quiet when the last in flight has ended', async () => {
    const { turns, starts, offer, quiets } = rig(1)
    offer('a', 5)
    await settled()
    turns.close()
    await settled()
    expect(quiets()).toBe(0)
    turns.release()
    await settled()
    expect([starts.length, quiets()]).toEqual([1, 1])
  })
})
