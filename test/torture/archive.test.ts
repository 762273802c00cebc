import { describe, expect, test } from 'vitest'
import { started, submittedAt, succeeded } from '../soak/small-history.ts'
import { Archive } from './archive.ts'
import { records } from './small-evidence.ts'

const [submission, start, end] = records([
  ['evt_1', submittedAt(1)],
  ['evt_1', started(1)],
  ['evt_1', succeeded(1)],
]).map((record) => JSON.stringify(record))

function fileOf(...lines: (string | undefined)[]) {
  const all = lines.map((line = '') => [(JSON.parse(line) as { seq: number }).seq, line] as const)
  return { lines: new Map(all), lastSeq: Math.max(0, ...all.map(([seq]) => seq)) }
}

function archiveTold(...lines: (string | undefined)[]): Archive {
  const archive = new Archive()
  archive.told(lines.map((line = '') => line))
  return archive
}

describe('after a death', () => {
  test('takes in what nobody was told of, and says what was in flight', () => {
    const archive = archiveTold(submission)
    expect(archive.compare(fileOf(submission, start), 'death 1')).toEqual([{ eventId: 'evt_1', attempt: 1 }])
    expect(archive.wrong).toEqual([])
    expect(archive.records).toHaveLength(2)
  })

  test('finds a record that subscribers were told of and the file lacks', () => {
    const archive = archiveTold(submission, start)
    archive.compare(fileOf(submission), 'death 1')
    expect(archive.wrong).toEqual([
      'death 1: a subscriber was told of record 2, and the file ends at 1',
      'death 1: evt_1 is delivering, and of its records the file lacks 2',
    ])
  })

  test('finds a record that was changed', () => {
    const archive = archiveTold(submission)
    const changed = submission?.replace('a.b', 'a.c')
    archive.compare(fileOf(changed), 'death 1')
    expect(archive.wrong).toEqual([`death 1: the file says that record 1 is ${changed}, and it was ${submission}`])
  })

  test('accepts that a settled event is gone whole', () => {
    const archive = archiveTold(submission, start, end)
    archive.compare({ lines: new Map(), lastSeq: 3 }, 'death 1')
    expect(archive.wrong).toEqual([])
    expect(archive.swept).toBe(1)
  })

  test('finds half of a settled event gone', () => {
    const archive = archiveTold(submission, start, end)
    archive.compare(fileOf(submission, end), 'death 1')
    expect(archive.wrong).toEqual(['death 1: evt_1 is delivered, and of its records the file lacks 2'])
  })
})

test('counts what is not settled', () => {
  expect(archiveTold(submission).unsettledOf('ep_torture_0')).toBe(1)
  expect(archiveTold(submission, start, end).unsettledOf('ep_torture_0')).toBe(0)
})
