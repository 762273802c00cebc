import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { memoryLog } from '../../src/log/memory-log.ts'
import { attemptStarted, submission } from './drafts.ts'

/** Subscriptions are the log's own affair; every home of a log uses the same publisher. */
describe('a subscriber', () => {
  test('hears of every record appended since, in order, soon but not from inside the append', async () => {
    const log = memoryLog()
    log.append(submission('evt_0'))
    const heard: number[] = []
    log.subscribe(({ seq }) => heard.push(seq))
    log.append(submission('evt_1'))
    log.append(attemptStarted('evt_1'))
    expect(heard).toEqual([])
    await Promise.resolve()
    expect(heard).toEqual([2, 3])
  })

  test('may append: all hear of that after what came before', async () => {
    const log = memoryLog()
    const heard: string[] = []
    log.subscribe(({ seq }) => {
      heard.push(`one ${seq}`)
      if (seq === 1) log.append(submission('evt_3'))
    })
    log.subscribe(({ seq }) => heard.push(`two ${seq}`))
    log.append(submission('evt_1'))
    log.append(submission('evt_2'))
    await Promise.resolve()
    await Promise.resolve()
    expect(heard).toEqual(['one 1', 'two 1', 'one 2', 'two 2', 'one 3', 'two 3'])
  })

  test('hears nothing after it has ended its subscription, once or twice', async () => {
    const log = memoryLog()
    const heard: number[] = []
    const hear = ({ seq }: { seq: number }) => heard.push(seq)
    const endFirst = log.subscribe(hear)
    log.subscribe(hear)
    log.append(submission('evt_1'))
    endFirst()
    endFirst()
    await Promise.resolve()
    expect(heard).toEqual([1])
  })

  test('that subscribes anew as it hears is told of each record once', async () => {
    const log = memoryLog()
    const heard: number[] = []
    const hearOnce = (): void => {
      const end = log.subscribe(({ seq }) => {
        // Should it be told for ever, it ends all the same.
        if (heard.push(seq) > 9) return
        end()
        hearOnce()
      })
    }
    hearOnce()
    log.append(submission('evt_1'))
    log.append(submission('evt_2'))
    await Promise.resolve()
    expect(heard).toEqual([1, 2])
  })

  test('that throws is reported, and the others hear all the same', async () => {
    const log = memoryLog()
    const broken = new Error('broken')
    const reported: unknown[] = []
    const heard: number[] = []
    log.onListenerError((error) => reported.push(error))
    log.subscribe(() => {
      throw broken
    })
    log.subscribe(({ seq }) => heard.push(seq))
    log.append(submission('evt_1'))
    log.append(submission('evt_2'))
    await Promise.resolve()
    expect(reported).toEqual([broken, broken])
    expect(heard).toEqual([1, 2])
  })

  test('must be a function', () => {
    const subscribe = () => memoryLog().subscribe('hear' as unknown as () => void)
    expect(subscribe).toThrow(InvalidOptionError)
    expect(subscribe).toThrow('listener must be a function, got "hear" (string)')
  })
})
