import { describe, expect, test } from 'vitest'
import { InvalidOptionError, LogFormatError } from '../../src/errors/errors.ts'
import { exportJsonl, importJsonl } from '../../src/log/jsonl.ts'
import { memoryLog } from '../../src/log/memory-log.ts'
import { attemptStarted, submission } from './drafts.ts'

const log = memoryLog()
log.append(submission('evt_1'))
log.append(attemptStarted('evt_1'))
const lines = [...exportJsonl(log)]

describe('an exported log', () => {
  test('is one line a record', () => {
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line).not.toMatch(/[\r\n]/)
  })

  test('is read back as it was', () => {
    expect([...importJsonl(lines)]).toEqual([...log.entries()])
  })

  test('may have blank lines and line ends', () => {
    expect([...importJsonl(['', `${lines[0]!}\r`, '  ', `${lines[1]!}\n`, ''])]).toEqual([...log.entries()])
  })

  const damaged: [string, string][] = [
    ['is cut short', lines[1]!.slice(0, -5)],
    ['is not JSON', 'hello'],
    ['is JSON but no object', '42'],
    ['is null', 'null'],
    ['is a list', '[]'],
    ...['seq', 'at', 'endpointId', 'eventId', 'event', 'to', 'attempts', 'machine', 'from'].flatMap(
      (field): [string, string][] => {
        const record = JSON.parse(lines[1]!) as Record<string, unknown>
        return [
          [`lacks ${field}`, JSON.stringify({ ...record, [field]: undefined })],
          [`has a wrong ${field}`, JSON.stringify({ ...record, [field]: { wrong: true } })],
        ]
      },
    ),
    ['has a seq that is no whole number', lines[1]!.replace('"seq":2', '"seq":1.5')],
    ['has an event without a type', JSON.stringify({ ...JSON.parse(lines[1]!), event: { attempt: 1 } })],
  ]

  test.each(damaged)('is refused at the line that %s, by its number', (_, line) => {
    const reading = importJsonl([lines[0]!, '', line, lines[1]!])[Symbol.iterator]()
    expect(reading.next().value).toMatchObject({ seq: 1 })
    const read = () => reading.next()
    expect(read).toThrow(LogFormatError)
    expect(() => [...importJsonl([lines[0]!, '', line])]).toThrow(
      expect.objectContaining({ line: 3, message: expect.stringContaining('line 3 of the log is') }),
    )
  })

  test('names the field that is missing or wrong, and not what stands in it', () => {
    const wrong = lines[0]!.replace('"to":"pending"', '"to":{"secret":"hush"}')
    expect(() => [...importJsonl([wrong])]).toThrow('line 1 of the log is not a record: its "to" is missing or wrong')
  })

  test('is not read from one whole text, of which nothing is shown', () => {
    const read = () => importJsonl(lines.join('\n'))
    expect(read).toThrow(InvalidOptionError)
    expect(read).toThrow(
      `lines must be an array or another iterable, got a string of ${lines.join('\n').length} characters`,
    )
  })

  test('is made of a log, and read from lines', () => {
    expect(() => exportJsonl(null as unknown as typeof log)).toThrow('log must be an object with the methods entries')
    expect(() => importJsonl(5 as unknown as string[])).toThrow('lines must be an array or another iterable, got 5')
  })
})
