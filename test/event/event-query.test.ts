import { describe, expect, test } from 'vitest'
import { InvalidOptionError } from '../../src/errors/errors.ts'
import { cursorOf, readEventQuery } from '../../src/event/event-query.ts'

describe('a query for events', () => {
  test('may be left out, and then asks for the newest 50 of all', () => {
    for (const query of [undefined, {}, { cursor: null, order: undefined }]) {
      expect(readEventQuery(query)).toEqual({
        ofEndpoint: null,
        statuses: null,
        eventTypes: null,
        submittedFromMs: -Infinity,
        submittedUntilMs: Infinity,
        order: 'newest',
        limit: 50,
        afterSeq: null,
      })
    }
  })

  test('takes times with a zone and without, which is UTC then', () => {
    const { submittedFromMs, submittedUntilMs } = readEventQuery({
      submittedAfter: '2025-01-31T10:30:00+01:00',
      submittedBefore: '2025-02-01',
    })
    expect([submittedFromMs, submittedUntilMs]).toEqual([Date.UTC(2025, 0, 31, 9, 30), Date.UTC(2025, 1, 1)])
  })

  test('opens to a function only what it says true to', () => {
    const { ofEndpoint } = readEventQuery({
      endpointIds: (id: string) => (id === 'ep_own' ? true : Promise.resolve(false)),
    })
    expect(ofEndpoint?.('ep_own')).toBe(true)
    expect(ofEndpoint?.('ep_other')).toBe(false)
  })

  test('goes on where a page of the same order ended', () => {
    expect(readEventQuery({ cursor: cursorOf('newest', 17) }).afterSeq).toBe(17)
    expect(readEventQuery({ cursor: cursorOf('oldest', 17), order: 'oldest' }).afterSeq).toBe(17)
  })

  test.each([
    [{ state: ['failed'] }, 'state'],
    [{ endpointIds: 'ep_1' }, 'endpointIds'],
    [{ endpointIds: [''] }, 'endpointIds[0]'],
    [{ status: [] }, 'status'],
    [{ status: ['failed', 'lost'] }, 'status[1]'],
    [{ eventTypes: [] }, 'eventTypes'],
    [{ eventTypes: ['a.*.b'] }, 'eventTypes[0]'],
    [{ submittedAfter: 'yesterday' }, 'submittedAfter'],
    [{ submittedBefore: 1_735_689_600_000 }, 'submittedBefore'],
    [{ order: 'latest' }, 'order'],
    [{ limit: 0 }, 'limit'],
    [{ limit: 501 }, 'limit'],
    [{ limit: '50' }, 'limit'],
    [{ cursor: '' }, 'cursor'],
    [{ cursor: 17 }, 'cursor'],
    [{ cursor: 'newest-x' }, 'cursor'],
    [{ cursor: 'newest-9999999999999999' }, 'cursor'],
    [{ cursor: ' newest-1' }, 'cursor'],
    [{ cursor: cursorOf('oldest', 17) }, 'cursor'],
    [[], 'options'],
  ])('is refused, and nothing is listed: %o', (query, option) => {
    expect(() => readEventQuery(query)).toThrow(InvalidOptionError)
    expect(() => readEventQuery(query)).toThrow(expect.objectContaining({ option }))
  })
})
