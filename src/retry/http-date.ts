const month = '(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const time = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)'
const dayName = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const longDayName = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day'

const dateForms = [
  // IMF-fixdate, the one form that may be sent today: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(`^${dayName}, (?<day>\\d{2}) ${month} (?<year>\\d{4}) ${time} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(`^${longDayName}, (?<day>\\d{2})-${month}-(?<year>\\d{2}) ${time} GMT$`),
  // asctime: Sun Nov  6 08:49:37 1994
  new RegExp(`^${dayName} ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`),
]
const monthNames = 'JanFebMarAprMayJunJulAugSepOctNovDec'
const mostYearsAhead = 50

/**
 * Reads a date as HTTP writes it, in any of the three forms of RFC 9110 §5.6.7. The day's name is not compared with its
 * date. `Date.parse` would not do: V8 reads a date in "5.5" and in "later 1", and asctime as local time.
 *
 * @param nowMs wall-clock time since the epoch, which decides the century of a year of two digits
 * @returns milliseconds since the epoch; null when the text is no such date
 */
export function httpDateMs(text: string, nowMs: number): number | null {
  for (const form of dateForms) {
    const parts = form.exec(text)?.groups
    if (parts !== undefined) return utcMs(parts, nowMs)
  }
  return null
}

/** Null for a day that its month has not. */
function utcMs(parts: Readonly<Record<string, string>>, nowMs: number): number | null {
  const { year = '', month = '', day = '', hour, minute, second } = parts
  const fullYear = year.length === 2 ? nearYear(Number(year), nowMs) : Number(year)
  const monthIndex = monthNames.indexOf(month) / 3
  const lastDay = new Date(Date.UTC(fullYear, monthIndex + 1, 0)).getUTCDate()
  if (Number(day) < 1 || Number(day) > lastDay) return null
  return Date.UTC(fullYear, monthIndex, Number(day), Number(hour), Number(minute), Number(second))
}

/** §5.6.7: what seems to lie more than 50 years ahead means the latest year in the past with the same digits. */
function nearYear(twoDigits: number, nowMs: number): number {
  const latest = new Date(nowMs).getUTCFullYear() + mostYearsAhead
  const year = latest - (latest % 100) + twoDigits
  return year <= latest ? year : year - 100
}
