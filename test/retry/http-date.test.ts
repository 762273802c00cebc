import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { httpDateMs } from '../../src/retry/http-date.ts'

const now = Date.UTC(2026, 0, 2, 3, 4, 5)

describe('a date of HTTP', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sunday, 06-Nov-94 08:49:37 GMT', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Sun Nov  6 08:49:37 1994', Date.UTC(1994, 10, 6, 8, 49, 37)],
    ['Wed Nov 16 08:49:37 1994', Date.UTC(1994, 10, 16, 8, 49, 37)],
    ['Thu, 29 Feb 2024 00:00:00 GMT', Date.UTC(2024, 1, 29)],
    ['Sat, 31 Dec 2016 23:59:60 GMT', Date.UTC(2017, 0, 1)],
  ])('is read: %s', (text, ms) => {
    expect(httpDateMs(text, now)).toBe(ms)
  })

  it.each([
    '',
    '5.5',
    'later 1',
    '2026-01-02T03:05:00Z',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 94 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 PST',
    'Sun, 06 nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 30 Feb 2025 08:49:37 GMT',
    'Sat, 29 Feb 2025 08:49:37 GMT',
    'Sun, 06-Nov-94 08:49:37 GMT',
    'Sunday, 06-Nov-1994 08:49:37 GMT',
    'Sunday, 99-Nov-94 08:49:37 GMT',
    'Sun Nov 6 08:49:37 1994',
    'Sun Nov  6 08:49:37 1994 GMT',
    'Sun Nov  6 08:49:37 1994\n',
  ])('is not: %s', (text) => {
    expect(httpDateMs(text, now)).toBeNull()
  })

  it.each([
    [2026, '26', 2026],
    [2026, '76', 2076],
    [2026, '77', 1977],
    [2026, '00', 2000],
    [2099, '05', 2105],
    [2099, '49', 2149],
    [2099, '50', 2050],
  ])('of two digits is at most 50 years ahead: in %i, %s is %i', (thisYear, digits, year) => {
    const date = httpDateMs(`Monday, 01-Jan-${digits} 00:00:00 GMT`, Date.UTC(thisYear, 5))
    expect(date).toBe(Date.UTC(year, 0))
  })

  it('is the same in every form', () => {
    const dates = fc.date({ min: new Date(now), max: new Date(Date.UTC(2075, 0)), noInvalidDate: true })
    fc.assert(
      fc.property(dates, (date) => {
        const imf = date.toUTCString()
        const [, day = '', month = '', year = '', time = ''] = imf.split(/[, ]+/)
        const seconds = Math.floor(date.getTime() / 1_000) * 1_000
        expect(httpDateMs(imf, now)).toBe(seconds)
        expect(httpDateMs(`Monday, ${day}-${month}-${year.slice(2)} ${time} GMT`, now)).toBe(seconds)
        expect(httpDateMs(`Mon ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`, now)).toBe(seconds)
      }),
    )
  })
})
