import assert from 'node:assert/strict'
import type { ConformanceRule } from '../conformance-rule.ts'
import { delivery, submission } from '../sample-drafts.ts'

const events = 40_000
const between = 10_000

/** 100,000 records. */
const large: ConformanceRule = {
  name: 'a log of 100,000 records is read whole and in order, and one event of it at once',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    let appended = 0
    for (let number = 1; number <= events; number += 1) {
      const endpointId = `ep_${number % 7}`
      const id = `evt_${number}`
      home.append(submission(id, endpointId, { sequence: Math.ceil(number / 7) }))
      appended += 1
      // Half of them are delivered at once, and with a quarter of those nothing else follows.
      if (number % 4 !== 0) appended += home.appendAll(delivery(id, endpointId)).length
      if (number % between === 0) await home.flush()
    }
    assert.equal(appended, 100_000)
    let read = 0
    let last = 0
    for (const { seq } of home.entries()) {
      assert.ok(seq > last, `record ${seq} was read after record ${last}`)
      last = seq
      read += 1
    }
    assert.equal(read, appended)
    for (let number = 1; number <= events; number += 997) {
      const records = [...home.entries({ eventId: `evt_${number}` })]
      assert.equal(records.length, number % 4 === 0 ? 1 : 3, `evt_${number}`)
    }
    for (const { seq } of home.entries({ fromSeq: last })) assert.equal(seq, last)
  },
}

export const largeLog: readonly ConformanceRule[] = [large]
