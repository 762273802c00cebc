import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { LineSplitter } from '../../src/recorded/line-splitter.ts'
import { formulaRecords } from '../support/formula-log.ts'
import { openLog } from '../support/log-files.ts'

const records = [...formulaRecords(12)]
const lines = records.map((record) => JSON.stringify(record))
const whole = lines.map((line) => `${line}\n`).join('')

test.each([
  ['line ends', whole],
  ['no line end after the last record', whole.slice(0, -1)],
  ['CRLF', whole.replaceAll('\n', '\r\n')],
  ['blank lines', `\n${whole.replaceAll('\n', '\n  \r\n\n')}\n`],
  ['a byte order mark', `\uFEFF${whole}`],
])('reads a log with %s, each record from its place', async (_, content) => {
  const log = await openLog(content)
  expect(log.problem).toBeNull()
  expect(Array.from({ length: log.length }, (_none, place) => log.record(place))).toEqual(records)
})

test('a compressed log is called that, and not a log cut short', async () => {
  const log = await openLog(gzipSync(whole))
  expect([log.length, log.problem?.kind, log.problem?.message]).toEqual([
    0,
    'malformed',
    expect.stringContaining('gunzip -c FILE'),
  ])
})

test('an empty file is a log without records', async () => {
  const log = await openLog('')
  expect([log.length, log.problem, log.stateAt().seq]).toEqual([0, null, 0])
})

test('reads texts of several bytes a character, wherever the pieces of the file are cut', () => {
  const text = `{"text":"${'äß€😀'.repeat(5)}"}`
  const bytes = Buffer.from(`\uFEFF${text}\n${text}\n${text}`)
  for (let size = 1; size < 40; size += 1) {
    const heard: [string, number, number, number][] = []
    const splitter = new LineSplitter((...line) => heard.push(line) > 0)
    for (let start = 0; start < bytes.length; start += size) splitter.push(bytes.subarray(start, start + size))
    const length = Buffer.byteLength(text)
    expect(heard).toEqual([
      [text, 1, 3, length],
      [text, 2, 3 + length + 1, length],
    ])
    expect(splitter.rest()).toEqual({ text, line: 3, offset: 3 + 2 * (length + 1), length })
  }
})

test('a last line cut at any byte is reported, and all before it is used', async () => {
  const last = Buffer.byteLength(lines.at(-1) ?? '')
  const bytes = Buffer.from(whole)
  for (let left = 1; left < last; left += 1) {
    const log = await openLog(bytes.subarray(0, bytes.length - 1 - last + left))
    expect(log.problem).toMatchObject({ kind: 'truncated', line: 12 })
    expect(log.length).toBe(11)
  }
})

describe('a line that is no record is named, and what came before it is used:', () => {
  test.each([
    ['not JSON', '{"seq":', 'line 4 of the log is not JSON'],
    ['JSON but no record', '[]', 'line 4 of the log is not a record: its "seq" is missing'],
    ['a record that lacks a field', JSON.stringify({ ...records[3], endpointId: 7 }), 'its "endpointId" is missing'],
    ['bytes of nothing', '\0\0\0\0', 'line 4 of the log is not JSON'],
  ])('%s', async (_, line, message) => {
    const log = await openLog([...lines.slice(0, 3), line, ...lines.slice(4)].join('\n'))
    expect(log.problem).toMatchObject({ kind: 'malformed', line: 4 })
    expect(log.problem?.message).toContain(message)
    expect(log.length).toBe(3)
  })
})

test('a record that does not follow is named with its line, and what came before it is used', async () => {
  const golden = readFileSync(new URL('../golden/delivery@1/delivered-at-once.jsonl', import.meta.url), 'utf8')
  const [submitted, , succeeded] = golden.split('\n')
  const log = await openLog(`\n${submitted}\n${succeeded}\n`)
  expect(log.problem).toEqual({
    kind: 'diverged',
    line: 3,
    seq: 3,
    message:
      'line 3 of the log: record 3 of event evt_1 does not follow: it leaves delivering, but the event is pending',
  })
  expect(log.length).toBe(1)
})

test('a record that is there twice does not follow', async () => {
  const log = await openLog([...lines.slice(0, 5), lines[4], ...lines.slice(5)].join('\n'))
  expect(log.problem).toEqual({
    kind: 'diverged',
    line: 6,
    seq: 5,
    message: 'line 6 of the log: record 5 comes after record 5',
  })
  expect(log.length).toBe(5)
})

test('a line without end is refused before it fills the memory', () => {
  const splitter = new LineSplitter(() => true, 1000)
  const piece = Buffer.alloc(300, 'x')
  for (let count = 0; count < 3; count += 1) splitter.push(piece)
  expect(() => splitter.push(piece)).toThrow('line 1 of the log is longer than 1000 bytes; no record is')
})

test('reads up to a moment, and no further', async () => {
  const bySeq = await openLog(`${whole}garbage`, { until: { seq: 7 } })
  expect([bySeq.length, bySeq.problem]).toEqual([7, null])
  const byTime = await openLog(whole, { until: { timeMs: Date.parse(records[4]?.at ?? '') } })
  expect(byTime.length).toBe(5)
})

test('tells how many bytes it has read', async () => {
  const told: number[] = []
  await openLog(whole, { onProgress: (bytes) => told.push(bytes) })
  expect(told).toEqual([Buffer.byteLength(whole)])
})
