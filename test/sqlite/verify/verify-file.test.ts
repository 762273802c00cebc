import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { sumOf } from '../../../src/sqlite/chain.ts'
import { hexIn, textIn } from '../../../src/sqlite/columns.ts'
import { StorageError } from '../../../src/errors/errors.ts'
import type { EndpointTransitionDraft } from '../../../src/log/transition.ts'
import { openLogFileForReading } from '../../../src/sqlite/open-file-for-reading.ts'
import { rawRecords } from '../../../src/sqlite/raw-records.ts'
import type { FileReport } from '../../../src/sqlite/verify/verify-file.ts'
import { anyRun, startRun } from '../../replay/random-service.ts'
import { freshPath, openHome, tamper, verifyPath, writeSqliteLog } from '../../support/sqlite-files.ts'

const records = 400

const at = '2025-01-01T00:00:00.000Z'
const paused: EndpointTransitionDraft = {
  at,
  endpointId: 'ep_other',
  eventId: '',
  event: { type: 'endpoint.paused', at },
  from: 'active',
  to: 'paused',
  attempts: 0,
  machine: 'endpoint@1',
}

describe('a file that is sound', () => {
  test('is found so, whatever a service has done', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, async (run) => {
        const path = freshPath()
        const log = openHome(path)
        const service = startRun(run, { log })
        for (const happening of run.happenings) await service.happen(happening)
        const shown = service.service.stats()
        await service.stop()
        await log.close()
        const report = verifyPath(path)
        expect(report.faults).toEqual([])
        expect(report.statuses).toMatchObject({ delivered: shown.events.delivered })
      }),
      { numRuns: 100 },
    )
  }, 60_000)

  test('is told with what it holds', async () => {
    const path = freshPath()
    await writeSqliteLog(path, records)
    const report = verifyPath(path)
    expect(report).toMatchObject({ records, firstSeq: 1, lastSeq: records, removed: 0, faultCount: 0 })
    const { unsettled, delivered, failed, deadLettered } = report.statuses
    expect(unsettled + delivered + failed + deadLettered).toBe(report.events)
    expect(delivered).toBeGreaterThan(0)
  })

  test('may lack what retention removed', async () => {
    const path = freshPath()
    await writeSqliteLog(path, records)
    const home = openHome(path)
    const settled = [...home.entries()].filter(({ to }) => to === 'delivered').slice(0, 10)
    const gone = settled.flatMap(({ eventId }) => [...home.entries({ eventId })]).length
    for (const { eventId } of settled) home.evict(eventId)
    await home.close()
    expect(verifyPath(path)).toMatchObject({ records: records - gone, removed: gone, faultCount: 0 })
  })

  test('may be empty', async () => {
    const path = freshPath()
    await openHome(path).close()
    expect(verifyPath(path)).toMatchObject({ records: 0, events: 0, faultCount: 0 })
  })
})

describe('what is wrong is found, and named', () => {
  let sound: string
  let path: string
  /** An event that was delivered, and the number of its second record. */
  let eventId: string
  let second: number

  beforeEach(async () => {
    sound = freshPath()
    await writeSqliteLog(sound, records)
    path = freshPath()
    copyFileSync(sound, path)
    const home = openHome(path)
    const delivered = [...home.entries()].find(({ seq, to }) => seq > 50 && to === 'delivered')!
    eventId = delivered.eventId
    second = [...home.entries({ eventId })][1]!.seq
    await home.close()
  })

  const messages = ({ faults }: FileReport): string[] => faults.map(({ message }) => message)
  const found = (change: Parameters<typeof tamper>[1]): FileReport => {
    tamper(path, change)
    return verifyPath(path)
  }

  test("a record's text that was changed", () => {
    const report = found(`UPDATE records SET line = replace(line, '"attempt":1', '"attempt":2') WHERE seq = ${second}`)
    expect(report.faults).toEqual([
      { kind: 'record', seq: second, eventId, message: expect.stringContaining('its checksum differs') },
    ])
    expect(report.events).toBe(verifyPath(sound).events)
  })

  test('a record that was written anew, with a checksum that fits it', () => {
    const report = found((database) => {
      const row = database.prepare('SELECT line, previous FROM records WHERE seq = ?').get(second)!
      const line = textIn(row, 'line').replace('"at":"2025-', '"at":"2024-')
      const sum = Buffer.from(sumOf(hexIn(row, 'previous'), second, line), 'hex')
      database.prepare('UPDATE records SET line = ?, sum = ? WHERE seq = ?').run(line, sum, second)
    })
    const next = `record ${second + 1} of event .* does not follow the record ${second} that is there`
    expect(messages(report)).toEqual([expect.stringMatching(next)])
  })

  test('a record that is gone', () => {
    const report = found(`DELETE FROM records WHERE seq = ${second}`)
    expect(messages(report)).toEqual([
      `1 records are missing (${second}), and retention removed 0`,
      expect.stringContaining(`of event ${eventId} does not follow`),
    ])
  })

  test('an event that is gone without a trace in the index', () => {
    const gone = `(SELECT number FROM events WHERE id = '${eventId}')`
    const report = found(`DELETE FROM records WHERE event = ${gone}; DELETE FROM events WHERE id = '${eventId}'`)
    expect(messages(report)[0]).toMatch(/^3 records are missing \(\d+, \d+, \d+\), and retention removed 0$/)
  })

  test('records that are gone from the end', () => {
    expect(messages(found(`DELETE FROM records WHERE seq > ${records - 2}`))).toContain(
      `2 records are missing (${records - 1} to ${records}), and retention removed 0`,
    )
  })

  test.each([
    ['status = 2', 'status 2 instead of 1'],
    ['joined = 7', 'joined 7 instead of null'],
    ["lane = 'other'", 'lane other instead of '],
    ['settled_at = settled_at + 1', 'settledAtMs'],
    ['bytes = 1', 'bytes 1 instead of'],
    ["idempotency_key = 'a secret key'", 'idempotencyKey'],
    ['endpoint = (SELECT max(number) FROM endpoints)', 'endpointId'],
    ["id = 'evt_other'", 'id evt_other instead of'],
    ["type = 'other'", 'type other instead of'],
    ['submitted_at = 7', 'submittedAtMs 7 instead of'],
  ])('an event of which the index says something else: %s', (change, told) => {
    const report = found(`UPDATE events SET ${change} WHERE id = '${eventId}'`)
    expect(report.faults[0]).toMatchObject({ kind: 'index', eventId, message: expect.stringContaining(told) })
    expect(JSON.stringify(report)).not.toContain('a secret key')
  })

  test('an event that the index has lost, and one that it has too many', () => {
    const report = found(`UPDATE events SET number = 100000 WHERE id = '${eventId}'`)
    expect(messages(report)).toEqual([
      `event ${eventId} has records, and the index does not know it`,
      `event ${eventId} has no records, and the index knows it`,
    ])
  })

  test('places in line that could be given a second time', () => {
    expect(messages(found('UPDATE lines SET sequence = sequence - 1'))[0]).toMatch(
      /^event evt_\d+ has place \d+ in its line, and the last that was given is \d+$/,
    )
  })

  test.each(['submitted', 'attempts', 'delivered', 'failed', 'dead_lettered'])(
    'a counter that is wrong: %s',
    (column) => {
      expect(messages(found(`UPDATE counters SET ${column} = ${column} + 1`))).toEqual([
        expect.stringContaining(`the counter "${column}" is`),
      ])
    },
  )

  test('a chain that does not end where the counters say', () => {
    expect(messages(found('UPDATE counters SET last_sum = zeroblob(16)'))).toEqual([
      `record ${records} is not the last that was written`,
    ])
    expect(messages(found('UPDATE counters SET last_seq = last_seq - 1'))[0]).toContain('the counters know of records')
  })

  test('the configuration of an endpoint that is gone', () => {
    expect(messages(found('UPDATE endpoints SET configuration = 3 WHERE number = 1'))[0]).toContain(
      'is to be record 3, and there is none',
    )
  })

  test('a record that is filed under an endpoint that is not its own', () => {
    const report = found(`UPDATE records SET endpoint = endpoint + 1 WHERE seq = ${second}`)
    const message: unknown = expect.stringContaining('is not what its row says')
    expect(report.faults[0]).toEqual({ kind: 'record', seq: second, eventId, message })
  })

  test.each([
    ['filed under another endpoint', 'endpoint = 1', 'is not what its row says'],
    ['filed under no endpoint', 'endpoint = 100000', 'is of an endpoint that the file does not name'],
    ['filed as what it is not', 'kind = 3', 'is not what its row says'],
  ])("an endpoint's own record that is %s", async (_, change, message) => {
    const home = openHome(path)
    const { seq } = home.appendEndpoint(paused)
    await home.close()
    expect(found(`UPDATE records SET ${change} WHERE seq = ${seq}`).faults).toContainEqual(
      expect.objectContaining({ seq, message: expect.stringContaining(message) }),
    )
  })

  test('a page that SQLite cannot make sense of', () => {
    let page = 0
    let pageBytes = 0
    tamper(path, (database) => {
      const root = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'records_of_event'").get()
      page = Number(root!['rootpage'])
      pageBytes = Number(database.prepare('PRAGMA page_size').get()!['page_size'])
    })
    const bytes = readFileSync(path)
    bytes.fill(0, (page - 1) * pageBytes, page * pageBytes)
    writeFileSync(path, bytes)
    const { faults } = verifyPath(path)
    expect(faults.map(({ kind, message }) => [kind, message])).toEqual([
      ['file', expect.stringMatching(/^the file cannot be read to the end: |^SQLite: /)],
      ['file', expect.stringMatching(/^the events cannot be read to the end: /)],
    ])
  })

  test('a hundred faults are told, and the others counted', () => {
    const report = found("UPDATE records SET line = line || ' '")
    expect([report.faults.length, report.faultCount]).toEqual([100, records])
  })

  test('any bit that flips, or it is in nothing that is read', () => {
    const bytes = readFileSync(sound)
    const lines = linesOf(sound)
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const flipped = Buffer.from(bytes)
        flipped[at]! ^= 1 << bit
        writeFileSync(path, flipped)
        let report: FileReport
        try {
          report = verifyPath(path)
        } catch (error) {
          expect(error).toBeInstanceOf(StorageError)
          return
        }
        if (report.faultCount === 0) expect(linesOf(path)).toEqual(lines)
      }),
      { numRuns: 200 },
    )
  }, 60_000)
})

function linesOf(path: string): string[] {
  const { database, close } = openLogFileForReading(path)
  try {
    return Array.from(rawRecords(database), ({ line }) => line)
  } finally {
    close()
  }
}
