import assert from 'node:assert/strict'
import type { LogRecord } from '../../../log/transition.ts'
import type { ConformanceRule } from '../conformance-rule.ts'
import { delivery, pausing, resuming, seqsOf, submission } from '../sample-drafts.ts'

const toldInOrder: ConformanceRule = {
  name: 'subscribers hear of each record once, in order, and never within the append',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    const heard: LogRecord[] = []
    const heardOfEndpoints: LogRecord[] = []
    home.subscribe((record) => heard.push(record))
    home.subscribeToEndpoints((record) => heardOfEndpoints.push(record))
    const records = [home.append(submission('evt_1')), ...home.appendAll([submission('evt_2'), submission('evt_3')])]
    const own = [home.appendEndpoint(pausing())]
    assert.deepEqual([...heard, ...heardOfEndpoints], [], 'a subscriber was told within an append')
    await home.flush()
    records.push(home.append(delivery('evt_2')[0]))
    own.push(home.appendEndpoint(resuming()))
    await home.flush()
    assert.deepEqual(heard, records)
    assert.deepEqual(heardOfEndpoints, own)
  },
}

const unsubscribed: ConformanceRule = {
  name: 'who ends a subscription hears nothing more of it, and everyone else goes on hearing',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    const heard: number[] = []
    const other: number[] = []
    const hear = ({ seq }: LogRecord): unknown => heard.push(seq)
    const end = home.subscribe(hear)
    const endTwin = home.subscribe(hear)
    const endOfEndpoints = home.subscribeToEndpoints(hear)
    home.subscribe(({ seq }) => other.push(seq))
    const { seq: first } = home.append(submission('evt_1'))
    await home.flush()
    end()
    end()
    const { seq: second } = home.append(submission('evt_2'))
    await home.flush()
    endTwin()
    endOfEndpoints()
    const { seq: third } = home.append(submission('evt_3'))
    home.appendEndpoint(pausing())
    await home.flush()
    // One function may subscribe twice.
    assert.deepEqual(heard, [first, first, second])
    assert.deepEqual(other, [first, second, third])
  },
}

const throwing: ConformanceRule = {
  name: 'what a subscriber throws is reported, and keeps nobody else from hearing',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    const reported: unknown[] = []
    const heard: number[] = []
    const error = new Error('a subscriber failed')
    home.onListenerError((thrown) => reported.push(thrown))
    home.subscribe(() => {
      throw error
    })
    home.subscribeToEndpoints(() => {
      throw error
    })
    home.subscribe(({ seq }) => heard.push(seq))
    const records = home.appendAll([submission('evt_1'), submission('evt_2')])
    home.appendEndpoint(pausing())
    await home.flush()
    assert.deepEqual(reported, [error, error, error])
    assert.deepEqual(heard, seqsOf(records))
  },
}

const noFunction: ConformanceRule = {
  name: 'a subscriber that is no function is refused',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    // What callers without types may pass.
    const nothing = undefined as unknown as () => void
    assert.throws(() => home.subscribe(nothing), { code: 'INVALID_OPTION' })
    assert.throws(() => home.subscribeToEndpoints(nothing), { code: 'INVALID_OPTION' })
  },
}

const appendsAsItHears: ConformanceRule = {
  name: 'a subscriber may append as it hears, and hears of that too',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    const heard: number[] = []
    const appended: number[] = []
    home.subscribe(({ seq, eventId }) => {
      heard.push(seq)
      if (eventId === 'evt_1') appended.push(home.append(submission('evt_2')).seq)
    })
    appended.push(home.append(submission('evt_1')).seq)
    await home.flush()
    await home.flush()
    assert.deepEqual(heard, appended)
  },
}

export const listening: readonly ConformanceRule[] = [toldInOrder, unsubscribed, throwing, noFunction, appendsAsItHears]
