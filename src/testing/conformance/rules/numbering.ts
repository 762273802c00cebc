import assert from 'node:assert/strict'
import type { LogHome } from '../../../log/log-home.ts'
import type { ConformanceRule } from '../conformance-rule.ts'
import { optionalMembers } from '../log-factory.ts'
import { delivery, pausing, resuming, seqsOf, submission, textsOf } from '../sample-drafts.ts'

const numbersGrow: ConformanceRule = {
  name: 'numbers grow from record to record, those of events and of endpoints alike',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    const records = [
      home.append(submission('evt_1')),
      home.appendEndpoint(pausing()),
      ...home.appendAll([submission('evt_2'), submission('evt_3')]),
      home.appendEndpoint(resuming()),
      home.append(delivery('evt_1')[0]),
    ]
    assertGrowing(seqsOf(records))
    await home.flush()
    const later = home.append(delivery('evt_1')[1])
    assertGrowing([...seqsOf(records), later.seq])
  },
}

const asGiven: ConformanceRule = {
  name: 'append returns the record that is kept: the draft with its number',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    const drafts = [submission('evt_1'), ...delivery('evt_1')]
    const records = drafts.map((draft) => home.append(draft))
    const own = home.appendEndpoint(pausing())
    records.forEach((record, index) => assert.deepEqual(record, { seq: record.seq, ...drafts[index] }))
    assert.deepEqual(own, { seq: own.seq, ...pausing() })
    assertHolds(home, records, [own])
    await home.flush()
    assertHolds(home, records, [own])
  },
}

const allOfAGroup: ConformanceRule = {
  name: 'appendAll takes all of its records, in their order',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    assert.deepEqual(home.appendAll([]), [])
    const drafts = Array.from({ length: 50 }, (_, index) => submission(`evt_${index}`, `ep_${index % 3}`))
    const records = home.appendAll(drafts)
    const seqs = seqsOf(records)
    assertGrowing(seqs)
    assert.deepEqual(
      records,
      drafts.map((draft, index) => ({ seq: seqs[index], ...draft })),
    )
    assertHolds(home, records, [])
    await home.flush()
    assertHolds(home, records, [])
  },
}

const members: ConformanceRule = {
  name: 'a home has the optional members that are not skipped, and no other',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    for (const member of optionalMembers) {
      const has = home[member] !== undefined
      assert.equal(has, homes.have(member), `the home has ${has ? 'a' : 'no'} "${member}"`)
    }
    assert.equal(
      home.durable,
      homes.have('reopen'),
      'only what is durable can be opened again, and all that is must be',
    )
    assert.equal(home.condition ?? 'writable', 'writable')
  },
}

export const numbering: readonly ConformanceRule[] = [numbersGrow, asGiven, allOfAGroup, members]

function assertGrowing(seqs: readonly number[]): void {
  let last = 0
  for (const seq of seqs) {
    assert.ok(Number.isSafeInteger(seq) && seq > last, `record ${seq} was numbered after record ${last}`)
    last = seq
  }
}

function assertHolds(home: LogHome, events: Parameters<typeof textsOf>[0], own: Parameters<typeof textsOf>[0]): void {
  assert.deepEqual(textsOf(home.entries()), textsOf(events))
  assert.deepEqual(textsOf(home.endpointEntries()), textsOf(own))
}
