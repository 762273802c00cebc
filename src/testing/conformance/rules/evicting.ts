import assert from 'node:assert/strict'
import type { ConformanceRule } from '../conformance-rule.ts'
import { delivered, delivery, pausing, resuming, seqsOf, submission } from '../sample-drafts.ts'

const wholeEvents: ConformanceRule = {
  name: 'evict removes one event with all its records, durable or not, and nothing else',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    home.append(submission('evt_1'))
    const { seq: second } = home.append(submission('evt_2'))
    const { seq: own } = home.appendEndpoint(pausing())
    home.append(delivery('evt_1')[0])
    await home.flush()
    home.append(delivery('evt_1')[1])
    const { seq: third } = home.append(submission('evt_3'))
    home.appendAll(delivered('evt_4'))
    home.evict('evt_1')
    home.evict('evt_4')
    home.evict('evt_unknown')
    const look = (): void => {
      assert.deepEqual(seqsOf(home.entries()), [second, third])
      assert.deepEqual(seqsOf(home.entries({ eventId: 'evt_1' })), [])
      assert.deepEqual(seqsOf(home.entries({ endpointId: 'ep_1', fromSeq: second })), [second, third])
      assert.deepEqual(seqsOf(home.endpointEntries()), [own])
    }
    look()
    await home.flush()
    look()
    home.evict('evt_1')
    await home.flush()
    look()
  },
}

const neverAgain: ConformanceRule = {
  name: 'a number is never used again, whatever was evicted',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    let last = 0
    const appendAndEvict = (eventId: string): void => {
      for (const { seq } of home.appendAll(delivered(eventId))) {
        assert.ok(seq > last, `record ${seq} was numbered after record ${last}`)
        last = seq
      }
      home.evict(eventId)
    }
    appendAndEvict('evt_1')
    await home.flush()
    appendAndEvict('evt_2')
    appendAndEvict('evt_3')
    assert.deepEqual(seqsOf(home.entries()), [])
    if (!homes.have('reopen')) return
    const again = await homes.reopen(home)
    const { seq } = again.append(submission('evt_4'))
    assert.ok(seq > last, `record ${seq} was numbered after record ${last}, in another life`)
  },
}

const endpointRecord: ConformanceRule = {
  name: 'evictEndpointRecord removes one record of an endpoint, durable or not, and nothing else',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    const { seq: first } = home.appendEndpoint(pausing())
    const { seq: event } = home.append(submission('evt_1'))
    const { seq: other } = home.appendEndpoint(pausing('ep_2'))
    const { seq: second } = home.appendEndpoint(resuming())
    await home.flush()
    const { seq: third } = home.appendEndpoint(pausing())
    const { seq: fourth } = home.appendEndpoint(resuming())
    for (const seq of [first, second, third]) home.evictEndpointRecord(seq)
    const look = (): void => {
      assert.deepEqual(seqsOf(home.endpointEntries()), [other, fourth])
      assert.deepEqual(seqsOf(home.endpointEntries({ endpointId: 'ep_1' })), [fourth])
      assert.deepEqual(seqsOf(home.entries()), [event])
    }
    look()
    await home.flush()
    look()
    assert.ok(home.appendEndpoint(pausing()).seq > fourth)
  },
}

const lastOfEvents: ConformanceRule = {
  name: "lastEvictedSeq is the greatest number of an event's record that was removed, and no endpoint's",
  needs: [],
  async check(homes) {
    const home = await homes.open()
    assert.equal(home.lastEvictedSeq, 0)
    const last = home.appendAll(delivered('evt_1')).at(-1)?.seq
    const later = home.appendAll(delivered('evt_2')).at(-1)?.seq
    const { seq: own } = home.appendEndpoint(pausing())
    home.appendEndpoint(resuming())
    await home.flush()
    home.evictEndpointRecord(own)
    home.evict('evt_unknown')
    assert.equal(home.lastEvictedSeq, 0)
    home.evict('evt_1')
    // At once, as `entries` does without it at once.
    assert.equal(home.lastEvictedSeq, last)
    const unwritten = home.appendAll(delivered('evt_3')).at(-1)?.seq
    home.evict('evt_3')
    assert.equal(home.lastEvictedSeq, unwritten)
    await home.flush()
    home.evict('evt_2')
    await home.flush()
    assert.ok(later !== undefined && unwritten !== undefined && later < unwritten)
    assert.equal(home.lastEvictedSeq, unwritten)
    if (homes.have('reopen')) assert.equal((await homes.reopen(home)).lastEvictedSeq, unwritten)
  },
}

export const evicting: readonly ConformanceRule[] = [wholeEvents, neverAgain, endpointRecord, lastOfEvents]
