import assert from 'node:assert/strict'
import type { LogHome } from '../../../log/log-home.ts'
import type { StoredEndpoint, StoredEndpoints } from '../../../log/stored-endpoints.ts'
import type { ConformanceRule } from '../conformance-rule.ts'
import { strangeNames, strangeTexts } from '../every-draft.ts'
import type { Homes } from '../homes.ts'
import { pausing, sampleTime, seqsOf, submission } from '../sample-drafts.ts'

function endpoint(endpointId: string, own: Partial<StoredEndpoint> = {}): StoredEndpoint {
  return {
    endpointId,
    url: `https://${endpointId.replace('_', '-')}.example/hooks?a=1`,
    settings: { timeoutMs: null, eventTypes: ['order.*', '*'], description: null, retry: { jitter: 0.25 } },
    secrets: [{ secret: `the secret of ${endpointId}`, retiresAtMs: null }],
    ...own,
  }
}

async function again(homes: Homes, home: LogHome): Promise<LogHome> {
  await home.flush()
  return homes.have('reopen') ? homes.reopen(home) : home
}

function storedEndpointsOf({ storedEndpoints }: LogHome): StoredEndpoints {
  assert.ok(storedEndpoints, 'the home has no storedEndpoints')
  return storedEndpoints
}

const comeBack: ConformanceRule = {
  name: 'stored endpoints come back in the order of registration, with everything that was put',
  needs: ['storedEndpoints'],
  async check(homes) {
    const home = await homes.open()
    const stored = storedEndpointsOf(home)
    assert.deepEqual(stored.all(), [])
    const description = strangeTexts.join(' ')
    const secrets = [
      { secret: 'the newest \u0000 🔑', retiresAtMs: null },
      { secret: 'the one before', retiresAtMs: 1_735_689_600_123 },
      { secret: 'the one before that', retiresAtMs: 9_007_199_254_740_991 },
    ]
    const put = [
      endpoint('ep_9'),
      endpoint('ep_1', { settings: { description, nested: [{}, [], 0, -0.5, 1e21, true, null] } }),
      endpoint('ep_5', { secrets }),
      ...strangeNames.map((name) => endpoint(`ep_${name}`, { url: 'https://one.example/' })),
    ]
    for (const each of put) stored.put(each, sampleTime)
    const last = await again(homes, home)
    assert.deepEqual(storedEndpointsOf(last).all(), put)
  },
}

const changed: ConformanceRule = {
  name: 'a stored endpoint that is put again is changed, and keeps its place',
  needs: ['storedEndpoints'],
  async check(homes) {
    const home = await homes.open()
    const stored = storedEndpointsOf(home)
    for (const id of ['ep_1', 'ep_2', 'ep_3']) stored.put(endpoint(id), sampleTime)
    await home.flush()
    const moved = endpoint('ep_2', {
      url: 'https://moved.example/',
      secrets: [{ secret: 'another', retiresAtMs: null }],
    })
    stored.put(endpoint('ep_1', { settings: {} }), sampleTime)
    stored.put(moved, sampleTime)
    const last = await again(homes, home)
    assert.deepEqual(storedEndpointsOf(last).all(), [endpoint('ep_1', { settings: {} }), moved, endpoint('ep_3')])
  },
}

const removed: ConformanceRule = {
  name: 'a stored endpoint that is removed is gone, and one put under its id later is new',
  needs: ['storedEndpoints'],
  async check(homes) {
    const home = await homes.open()
    const stored = storedEndpointsOf(home)
    for (const id of ['ep_1', 'ep_2', 'ep_3']) stored.put(endpoint(id), sampleTime)
    stored.remove('ep_1', sampleTime)
    await home.flush()
    stored.remove('ep_3', sampleTime)
    const second = await again(homes, home)
    assert.deepEqual(storedEndpointsOf(second).all(), [endpoint('ep_2')])
    storedEndpointsOf(second).put(endpoint('ep_1', { settings: 'new' }), sampleTime)
    storedEndpointsOf(second).remove('ep_unknown', sampleTime)
    const last = await again(homes, second)
    // Whether it has its former place again is open.
    const all = [...storedEndpointsOf(last).all()].sort((one, other) => (one.endpointId < other.endpointId ? -1 : 1))
    assert.deepEqual(all, [endpoint('ep_1', { settings: 'new' }), endpoint('ep_2')])
  },
}

const amongRecords: ConformanceRule = {
  name: 'what is put and removed is numbered among the records, and is none of events',
  needs: ['storedEndpoints'],
  async check(homes) {
    const home = await homes.open()
    const stored = storedEndpointsOf(home)
    const { seq: first } = home.append(submission('evt_1'))
    stored.put(endpoint('ep_1'), sampleTime)
    const { seq: second } = home.appendEndpoint(pausing('ep_1'))
    stored.remove('ep_1', sampleTime)
    const { seq: third } = home.append(submission('evt_2'))
    assert.ok(second > first + 1 && third > second + 1, `records ${first}, ${second} and ${third} leave no room`)
    const last = await again(homes, home)
    assert.deepEqual(seqsOf(last.entries()), [first, third])
    assert.ok(seqsOf(last.endpointEntries()).includes(second))
  },
}

export const storedEndpoints: readonly ConformanceRule[] = [comeBack, changed, removed, amongRecords]
