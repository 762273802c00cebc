import assert from 'node:assert/strict'
import type { LogHome } from '../../../log/log-home.ts'
import { mergedRecords } from '../../../log/merged-records.ts'
import type { ConformanceRule } from '../conformance-rule.ts'
import { everyEndpointDraft, everyEventDraft, hugeDrafts } from '../every-draft.ts'
import { delivered, pausing, resuming, submission, textsOf } from '../sample-drafts.ts'

const sameAgain: ConformanceRule = {
  name: 'opened again, a log has the same records under the same numbers, each to the byte',
  needs: ['reopen'],
  async check(homes) {
    const home = await homes.open()
    for (const draft of everyEventDraft()) home.append(draft)
    for (const draft of everyEndpointDraft()) home.appendEndpoint(draft)
    home.appendAll(hugeDrafts())
    await home.flush()
    const written = textsOf(mergedRecords(home))
    const again = await homes.reopen(home)
    assertSame(again, written)
    // And once more, now that nothing of it was ever in this process's hands.
    assertSame(await homes.reopen(again), written)
  },
}

const everyText: ConformanceRule = {
  name: 'records are kept as they were given: every kind of step, every field, any text',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    const written: string[] = []
    for (const draft of everyEventDraft()) written.push(JSON.stringify(home.append(draft)))
    for (const draft of everyEndpointDraft()) written.push(JSON.stringify(home.appendEndpoint(draft)))
    for (const record of home.appendAll(hugeDrafts())) written.push(JSON.stringify(record))
    assertSame(home, written)
    await home.flush()
    assertSame(home, written)
  },
}

const keptByClosing: ConformanceRule = {
  name: 'close makes durable what was appended before, and may be called twice',
  needs: ['close', 'reopen'],
  async check(homes) {
    const home = await homes.open()
    const records = home.appendAll(delivered('evt_1'))
    const own = home.appendEndpoint(pausing())
    const written = [...textsOf(records), JSON.stringify(own)]
    const flushed = home.flush()
    await home.close?.()
    await home.close?.()
    assertSame(await homes.reopen(home), written)
    await flushed
  },
}

const goesOn: ConformanceRule = {
  name: 'opened again, a log goes on: later numbers, and evictions stay',
  needs: ['reopen'],
  async check(homes) {
    let home = await homes.open()
    const written: string[] = []
    let last = 0
    for (let life = 1; life <= 4; life += 1) {
      const records = [
        home.append(submission(`evt_${life}`)),
        home.appendEndpoint(life % 2 === 1 ? pausing() : resuming()),
      ]
      for (const record of records) {
        assert.ok(record.seq > last, `record ${record.seq} was numbered after record ${last}`)
        last = record.seq
        written.push(JSON.stringify(record))
      }
      home.appendAll(delivered(`evt_${life}_evicted`))
      await home.flush()
      home.evict(`evt_${life}_evicted`)
      home = await homes.reopen(home)
      assertSame(home, written)
    }
  },
}

const crashKeeps: ConformanceRule = {
  name: 'a crash loses nothing that was flushed, and of the rest it keeps no record without those before it',
  needs: ['crash'],
  async check(homes) {
    let home = await homes.open()
    let kept: string[] = []
    for (let life = 1; life <= 5; life += 1) {
      kept.push(
        ...textsOf(home.appendAll(delivered(`evt_${life}`))),
        JSON.stringify(home.appendEndpoint(pausing(`ep_${life}`))),
      )
      await home.flush()
      const lost = [
        JSON.stringify(home.append(submission(`evt_${life}_lost`))),
        JSON.stringify(home.appendEndpoint(resuming(`ep_${life}`))),
        ...textsOf(home.appendAll(delivered(`evt_${life}_lost_too`))),
      ]
      home = await homes.crash(home)
      const found = textsOf(mergedRecords(home))
      assert.deepEqual(found.slice(0, kept.length), kept)
      assert.deepEqual(found.slice(kept.length), lost.slice(0, found.length - kept.length))
      kept = found
    }
  },
}

const crashInAGroup: ConformanceRule = {
  name: 'a crash keeps all that one appendAll took, or nothing of it',
  needs: ['crash'],
  async check(homes) {
    const home = await homes.open()
    home.append(submission('evt_1'))
    await home.flush()
    const drafts = Array.from({ length: 200 }, (_, index) => submission(`evt_of_group_${index}`))
    home.appendAll(drafts)
    const after = [...(await homes.crash(home)).entries()].length
    assert.ok(after === 1 || after === 1 + drafts.length, `${after - 1} records of ${drafts.length} are left`)
  },
}

const closed: ConformanceRule = {
  name: 'a home that was closed refuses whatever it is asked, with a StorageError',
  needs: ['close'],
  async check(homes) {
    const home = await homes.open()
    home.appendAll(delivered('evt_1'))
    const { seq } = home.appendEndpoint(pausing())
    const { storedEvents, storedEndpoints } = home
    await home.close?.()
    const calls: Readonly<Record<string, () => unknown>> = {
      append: () => home.append(submission('evt_2')),
      appendAll: () => home.appendAll(delivered('evt_2')),
      appendEndpoint: () => home.appendEndpoint(resuming()),
      evict: () => home.evict('evt_1'),
      evictEndpointRecord: () => home.evictEndpointRecord(seq),
      entries: () => [...home.entries()],
      endpointEntries: () => [...home.endpointEntries()],
      ...(storedEvents !== undefined && {
        has: () => storedEvents.has('evt_1'),
        find: () => storedEvents.find('evt_1'),
        backlogs: () => storedEvents.backlogs(),
        waiting: () => storedEvents.waiting({ endpointId: 'ep_1', afterSeq: 0, limit: 1 }),
      }),
      ...(storedEndpoints !== undefined && {
        all: () => storedEndpoints.all(),
        remove: () => storedEndpoints.remove('ep_1', '2025-01-01T00:00:00.000Z'),
      }),
    }
    for (const [name, call] of Object.entries(calls)) assert.throws(call, { code: 'STORAGE_FAILED' }, name)
    await assert.rejects(home.flush(), { code: 'STORAGE_FAILED' }, 'flush')
  },
}

export const outliving: readonly ConformanceRule[] = [
  everyText,
  sameAgain,
  goesOn,
  keptByClosing,
  crashKeeps,
  crashInAGroup,
  closed,
]

function assertSame(home: LogHome, written: readonly string[]): void {
  assert.deepEqual(textsOf(mergedRecords(home)), written)
}
