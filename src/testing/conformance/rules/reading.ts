import assert from 'node:assert/strict'
import type { LogHome } from '../../../log/log-home.ts'
import type { TransitionFilter } from '../../../log/transition-filter.ts'
import type { Transition } from '../../../log/transition.ts'
import type { ConformanceRule } from '../conformance-rule.ts'
import { delivered, delivery, pausing, resuming, seqsOf, submission } from '../sample-drafts.ts'

/** Five records of events and two of endpoints, the last three not flushed. */
async function fill(home: LogHome): Promise<readonly [number, number, number, number, number, number, number]> {
  const { seq: first } = home.append(submission('evt_1', 'ep_1'))
  const { seq: second } = home.append(submission('evt_2', 'ep_2'))
  const { seq: third } = home.appendEndpoint(pausing('ep_1'))
  const { seq: fourth } = home.append(delivery('evt_1', 'ep_1')[0])
  await home.flush()
  const { seq: fifth } = home.append(delivery('evt_2', 'ep_2')[0])
  const { seq: sixth } = home.append(delivery('evt_1', 'ep_1')[1])
  const { seq: seventh } = home.appendEndpoint(pausing('ep_2'))
  return [first, second, third, fourth, fifth, sixth, seventh]
}

const eventFilter: ConformanceRule = {
  name: 'entries gives the records of one event, of one endpoint, from one number on, or what fits all of these',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    const [first, second, , fourth, fifth, sixth, seventh] = await fill(home)
    const look = (): void => {
      const wanted: readonly (readonly [TransitionFilter | undefined, readonly number[]])[] = [
        [undefined, [first, second, fourth, fifth, sixth]],
        [{}, [first, second, fourth, fifth, sixth]],
        [{ eventId: 'evt_1' }, [first, fourth, sixth]],
        [{ endpointId: 'ep_2' }, [second, fifth]],
        [{ fromSeq: fourth }, [fourth, fifth, sixth]],
        [{ fromSeq: fourth + 1 }, [fifth, sixth]],
        [{ eventId: 'evt_1', fromSeq: second }, [fourth, sixth]],
        [{ endpointId: 'ep_2', fromSeq: second + 1 }, [fifth]],
        [{ eventId: 'evt_1', endpointId: 'ep_1', fromSeq: sixth }, [sixth]],
        [{ eventId: 'evt_1', endpointId: 'ep_2' }, []],
        [{ eventId: 'evt_unknown' }, []],
        [{ endpointId: 'ep_unknown' }, []],
        [{ fromSeq: seventh + 1 }, []],
        [{ eventId: undefined, endpointId: undefined, fromSeq: undefined }, [first, second, fourth, fifth, sixth]],
      ]
      for (const [filter, seqs] of wanted) assert.deepEqual(seqsOf(home.entries(filter)), seqs, JSON.stringify(filter))
    }
    look()
    await home.flush()
    look()
  },
}

const endpointFilter: ConformanceRule = {
  name: 'endpointEntries gives the endpoints’ own records, of one endpoint, from one number on, or what fits both',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    const [, , third, , , , seventh] = await fill(home)
    const { seq: eighth } = home.appendEndpoint(resuming('ep_1'))
    const look = (): void => {
      assert.deepEqual(seqsOf(home.endpointEntries()), [third, seventh, eighth])
      assert.deepEqual(seqsOf(home.endpointEntries({ endpointId: 'ep_1' })), [third, eighth])
      assert.deepEqual(seqsOf(home.endpointEntries({ fromSeq: third + 1 })), [seventh, eighth])
      assert.deepEqual(seqsOf(home.endpointEntries({ endpointId: 'ep_1', fromSeq: seventh })), [eighth])
      assert.deepEqual(seqsOf(home.endpointEntries({ endpointId: 'ep_unknown' })), [])
    }
    look()
    await home.flush()
    look()
  },
}

const badFilter: ConformanceRule = {
  name: 'a filter that is none is refused at once, not when it is read',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    for (const filter of [
      { fromSeq: -1 },
      { fromSeq: 1.5 },
      { fromSeq: NaN },
      { endpointId: 5 },
      { eventID: 'evt_1' },
    ]) {
      // What callers without types may pass.
      const given = filter as TransitionFilter
      assert.throws(() => home.entries(given), { code: 'INVALID_OPTION' })
      assert.throws(() => home.endpointEntries(given), { code: 'INVALID_OPTION' })
    }
    assert.throws(() => home.entries({ eventId: null } as unknown as TransitionFilter), { code: 'INVALID_OPTION' })
  },
}

const events = 200

const readWhileWriting: ConformanceRule = {
  name: 'a log may be appended to and evicted from while it is read: what stays is read once, in order',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    for (let number = 1; number <= events; number += 1) home.appendAll(delivered(`evt_${number}`))
    await home.flush()
    const ends: string[] = []
    for (const { eventId, to } of home.entries()) {
      if (to !== 'delivered') continue
      ends.push(eventId)
      home.evict(eventId)
      const number = ends.length
      if (number <= 10) home.evict(`evt_${number + 150}`)
      if (number === 50) home.appendAll(delivered('evt_new'))
    }
    const numbers = Array.from({ length: events }, (_, index) => index + 1)
    const expected = numbers.filter((number) => number <= 150 || number > 160).map((number) => `evt_${number}`)
    assert.deepEqual(ends.slice(0, expected.length), expected)
    // Whether what was appended meanwhile is read too, is open.
    const more = ends.slice(expected.length).join()
    assert.ok(more === '' || more === 'evt_new', more)
    home.evict('evt_new')
    await home.flush()
    assert.deepEqual(seqsOf(home.entries()), [])
  },
}

const slowReader: ConformanceRule = {
  name: 'a reader that pauses misses nothing, and reads nothing twice, whatever is made durable meanwhile',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    const appended: number[] = []
    const append = (count: number): void => {
      for (let number = 0; number < count; number += 1) {
        appended.push(home.append(submission(`evt_${appended.length}`, 'ep_1')).seq)
      }
    }
    append(10)
    await home.flush()
    append(10)
    const before = [...appended]
    const readers = [home.entries(), home.entries({ fromSeq: 1 }), home.entries({ endpointId: 'ep_1' })]
    const read = readers.map((entries) => ({ iterator: entries[Symbol.iterator](), seqs: [] as number[] }))
    for (let step = 0; step < 30; step += 1) {
      for (const { iterator, seqs } of read) seqs.push(...next(iterator))
      if (step % 3 === 0) await home.flush()
      if (step % 5 === 0) append(1)
    }
    for (const { iterator, seqs } of read) {
      for (let more = next(iterator); more.length > 0; more = next(iterator)) seqs.push(...more)
      assert.deepEqual(seqs.slice(0, before.length), before)
      const added = seqs.slice(before.length)
      assert.deepEqual(added, appended.slice(before.length, before.length + added.length))
    }
  },
}

function next(iterator: Iterator<Transition>): readonly number[] {
  const result = iterator.next()
  return result.done === true ? [] : [result.value.seq]
}

export const reading: readonly ConformanceRule[] = [
  eventFilter,
  endpointFilter,
  badFilter,
  readWhileWriting,
  slowReader,
]
