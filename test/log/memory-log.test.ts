import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { memoryLog } from '../../src/log/memory-log.ts'
import type { TransitionFilter } from '../../src/log/transition-filter.ts'
import type { Transition } from '../../src/log/transition.ts'
import { attemptStarted, seqs, submission } from './drafts.ts'

describe('a log in memory', () => {
  test('numbers records from 1, without gaps, and keeps them as they were given', () => {
    const log = memoryLog()
    const first = log.append(submission('evt_1'))
    const second = log.append(attemptStarted('evt_1'))
    expect(first).toEqual({ seq: 1, ...submission('evt_1') })
    expect(second).toEqual({ seq: 2, ...attemptStarted('evt_1') })
    expect([...log.entries()]).toEqual([first, second])
  })

  test('says that it does not survive the process, and has nothing to flush', async () => {
    const log = memoryLog()
    expect(log.durable).toBe(false)
    await expect(log.flush()).resolves.toBeUndefined()
  })

  test('gives the records of one event, of one endpoint, from one number on, or what fits all of these', () => {
    const log = memoryLog()
    log.append(submission('evt_1', 'ep_1'))
    log.append(submission('evt_2', 'ep_2'))
    log.append(attemptStarted('evt_1', 'ep_1'))
    log.append(attemptStarted('evt_2', 'ep_2'))
    expect(seqs(log.entries({ eventId: 'evt_1' }))).toEqual([1, 3])
    expect(seqs(log.entries({ endpointId: 'ep_2' }))).toEqual([2, 4])
    expect(seqs(log.entries({ fromSeq: 3 }))).toEqual([3, 4])
    expect(seqs(log.entries({ eventId: 'evt_1', fromSeq: 2 }))).toEqual([3])
    expect(seqs(log.entries({ eventId: 'evt_1', endpointId: 'ep_2' }))).toEqual([])
    expect(seqs(log.entries({ eventId: 'evt_3' }))).toEqual([])
    expect(seqs(log.entries({ fromSeq: 5 }))).toEqual([])
  })

  test.each([
    ['a number that is none', { fromSeq: NaN }, 'fromSeq must be a whole number'],
    ['a number below 0', { fromSeq: -1 }, 'fromSeq must be a whole number'],
    ['an id that is no text', { eventId: 5 }, 'eventId must be a string'],
    ['null for an id', { endpointId: null }, 'endpointId must be a string'],
    ['a filter it does not have', { eventID: 'evt_1' }, 'eventID is not an option'],
  ])('refuses %s at once, not when it is read', (_, filter, message) => {
    const read = () => memoryLog().entries(filter as TransitionFilter)
    expect(read).toThrow(InvalidOptionError)
    expect(read).toThrow(message)
  })

  test('evicts whole events, and never uses a number twice', () => {
    const log = memoryLog()
    log.append(submission('evt_1'))
    log.append(submission('evt_2'))
    log.append(attemptStarted('evt_1'))
    log.evict('evt_1')
    log.evict('evt_unknown')
    expect(seqs(log.entries())).toEqual([2])
    expect(seqs(log.entries({ eventId: 'evt_1' }))).toEqual([])
    expect(log.append(attemptStarted('evt_2')).seq).toBe(4)
  })

  test('answers like a plain list, whatever is appended and evicted', () => {
    const anyStep = fc.record({ event: fc.nat(20), endpoint: fc.nat(2), evict: fc.nat(9).map((n) => n === 0) })
    const anyRun = fc.array(anyStep, { minLength: 100, maxLength: 400 })
    fc.assert(
      fc.property(anyRun, fc.nat(420), (steps, fromSeq) => {
        const log = memoryLog()
        let model: Transition[] = []
        for (const { event, endpoint, evict } of steps) {
          const eventId = `evt_${event}`
          if (evict) {
            log.evict(eventId)
            model = model.filter((kept) => kept.eventId !== eventId)
          } else {
            model.push(log.append(submission(eventId, `ep_${endpoint}`)))
          }
        }
        expect([...log.entries()]).toEqual(model)
        expect(seqs(log.entries({ fromSeq }))).toEqual(seqs(model.filter(({ seq }) => seq >= fromSeq)))
        const ofOne = model.filter(({ eventId, endpointId }) => eventId === 'evt_1' && endpointId === 'ep_1')
        expect([...log.entries({ eventId: 'evt_1', endpointId: 'ep_1' })]).toEqual(ofOne)
      }),
      { numRuns: 40 },
    )
  })

  test('may be appended to and evicted from while it is read', () => {
    const log = memoryLog()
    for (let event = 1; event <= 200; event += 1) log.append(submission(`evt_${event}`))
    const seen: number[] = []
    for (const { seq, eventId } of log.entries()) {
      seen.push(seq)
      log.evict(eventId)
      if (seq <= 10) log.evict(`evt_${seq + 100}`)
      if (seq === 50) log.append(submission('evt_new'))
    }
    const hundredAndTen = Array.from({ length: 201 }, (_, index) => index + 1).filter((seq) => seq <= 100 || seq > 110)
    expect(seen).toEqual(hundredAndTen)
    expect([...log.entries()]).toEqual([])
  })

  test('holds no memory for what was evicted', () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const log = memoryLog()
    log.append(submission('evt_kept'))
    const heapBytes = () => {
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    const before = heapBytes()
    const events = 300_000
    for (let event = 0; event < events; event += 1) {
      log.append(submission(`evt_${event}`))
      log.evict(`evt_${event}`)
    }
    // Kept pages alone, empty as they are, would take more than 8 bytes a record.
    expect(heapBytes() - before).toBeLessThan(events * 4)
    expect(seqs(log.entries())).toEqual([1])
  })
})
