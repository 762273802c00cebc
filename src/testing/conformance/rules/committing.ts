import assert from 'node:assert/strict'
import type { LogHome } from '../../../log/log-home.ts'
import type { ConformanceRule } from '../conformance-rule.ts'
import { delivery, submission, textsOf } from '../sample-drafts.ts'

const flushes: ConformanceRule = {
  name: 'flush resolves with nothing to do, as often as it is asked, and during another one',
  needs: [],
  async check(homes) {
    const home = await homes.open()
    await home.flush()
    home.append(submission('evt_1'))
    const first = home.flush()
    home.append(submission('evt_2'))
    const second = home.flush()
    await Promise.all([second, first, home.flush()])
    await home.flush()
    assert.equal([...home.entries()].length, 2)
  },
}

const actsInOrder: ConformanceRule = {
  name: 'afterCommit acts later, never at once, in the order asked for, and before flush resolves',
  needs: ['afterCommit'],
  async check(homes) {
    const home = await homes.open()
    const acts: string[] = []
    const ask = (name: string): void => {
      home.afterCommit?.((error) => acts.push(error === null ? name : String(error)))
      assert.deepEqual(
        acts.filter((act) => act === name),
        [],
        `${name} was called within afterCommit`,
      )
    }
    ask('nothing appended')
    home.append(submission('evt_1'))
    ask('one record')
    ask('the same record')
    home.appendAll([submission('evt_2'), submission('evt_3')])
    ask('three records')
    assert.equal([...home.entries()].length, 3)
    assert.deepEqual(acts, [], 'acts were called within another call')
    await home.flush()
    const inOrder = ['nothing appended', 'one record', 'the same record', 'three records']
    assert.deepEqual(acts, inOrder)
    ask('nothing new')
    assert.deepEqual(acts, inOrder)
    await home.flush()
    assert.deepEqual(acts, [...inOrder, 'nothing new'])
  },
}

const actsAgain: ConformanceRule = {
  name: 'what afterCommit calls may append, and ask again',
  needs: ['afterCommit'],
  async check(homes) {
    const home = await homes.open()
    const acts: string[] = []
    await new Promise<void>((resolve) => {
      home.append(submission('evt_1'))
      home.afterCommit?.(() => {
        acts.push('first')
        home.append(delivery('evt_1')[0])
        home.afterCommit?.(() => {
          acts.push('third')
          resolve()
        })
      })
      home.afterCommit?.(() => acts.push('second'))
    })
    assert.deepEqual(acts, ['first', 'second', 'third'])
    assert.equal([...home.entries()].length, 2)
  },
}

const actsOnWhatIsDurable: ConformanceRule = {
  name: 'when afterCommit calls, a crash takes nothing of what was appended before it was asked',
  needs: ['afterCommit', 'crash'],
  async check(homes) {
    const home = await homes.open()
    const records = [home.append(submission('evt_1')), ...home.appendAll([submission('evt_2'), submission('evt_3')])]
    const crashed = new Promise<LogHome>((resolve) => {
      home.afterCommit?.(() => {
        // Within the act: nothing that the home does next may come before the crash.
        resolve(homes.crash(home))
      })
    })
    const found = textsOf((await crashed).entries())
    assert.deepEqual(found.slice(0, records.length), textsOf(records))
  },
}

export const committing: readonly ConformanceRule[] = [flushes, actsInOrder, actsAgain, actsOnWhatIsDurable]
