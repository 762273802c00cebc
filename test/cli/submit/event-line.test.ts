import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isEventLine, readEventLine } from '../../../src/cli/submit/event-line.ts'

const defaults = { source: 'events.jsonl' }

function read(text: string | Buffer, number = 1, more: object = {}) {
  return readEventLine({ number, bytes: Buffer.from(text) }, { ...defaults, ...more })
}

function jsonOf(text: string, number = 1, more: object = {}): string {
  const line = read(text, number, more)
  if (line === null || !isEventLine(line)) throw new Error('it was refused')
  return line.json.toString()
}

describe('readEventLine', () => {
  test('leaves every byte of a line as it is, and puts in front what it does not say', () => {
    const line = ' {"payload": {"n": 9007199254740993, "n": 1.0}}\r'
    const key = /"idempotencyKey":"([0-9a-f]{40})"/.exec(jsonOf(line, 1, { eventType: 'a' }))![1]!
    expect(jsonOf(line, 1, { eventType: 'a', endpointId: 'ep_1' }).replace(/[0-9a-f]{40}/, '…')).toBe(
      ' {"eventType":"a","endpointId":"ep_1","idempotencyKey":"…","payload": {"n": 9007199254740993, "n": 1.0}}\r',
    )
    expect(key).toHaveLength(40)
  })

  test('takes what the line says before what is said for all', () => {
    const line = '{"eventType":"own","endpointId":"ep_2","idempotencyKey":"k","payload":1}'
    expect(jsonOf(line, 1, { eventType: 'a', endpointId: 'ep_1' })).toBe(line)
  })

  test('gives a line the same key each time, and no two lines one', () => {
    const line = '{"eventType":"a","payload":1}'
    expect(jsonOf(line)).toBe(jsonOf(line))
    const others = [
      jsonOf(line, 2),
      jsonOf(line, 1, { source: 'other.jsonl' }),
      jsonOf('{"eventType":"a","payload":2}'),
      jsonOf(line, 1, { endpointId: 'ep_1' }),
    ]
    const keys = [jsonOf(line), ...others].map((json) => /[0-9a-f]{40}/.exec(json)![0])
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('means the event that the line does', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.constantFrom('', ' ', '\t\r'), (eventType, payload, space) => {
        const json = jsonOf(`${space}${JSON.stringify({ eventType, payload })}${space}`, 3, { endpointId: 'ep_1' })
        const { idempotencyKey, ...event } = JSON.parse(json) as Record<string, unknown>
        expect(idempotencyKey).toMatch(/^[0-9a-f]{40}$/)
        expect(event).toEqual({ ...(JSON.parse(JSON.stringify({ eventType, payload })) as object), endpointId: 'ep_1' })
      }),
    )
  })

  test.each([
    ['not JSON', '{"eventType":', 'the line is not JSON'],
    ['no object', '[1]', 'the line is not a JSON object'],
    ['no payload', '{"eventType":"a"}', 'the event has no payload'],
    ['no type', '{"payload":1}', 'the event has no eventType, and --type gives none'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'the line is not UTF-8'],
  ])('names a line that is %s', (_, text, message) => {
    expect(read(text, 7)).toEqual({ number: 7, message })
  })

  test('passes over an empty line, and names one that was too long', () => {
    expect(read(' \r')).toBeNull()
    expect(readEventLine({ number: 2, bytes: null }, defaults)).toEqual({
      number: 2,
      message: 'the line is too long to be an event',
    })
  })
})
