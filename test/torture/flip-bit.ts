import { readFileSync, writeFileSync } from 'node:fs'
import type { Driver } from '../../src/sqlite/driver/database.ts'
import { recordKinds } from '../../src/sqlite/schema.ts'
import type { Dice } from '../soak/dice.ts'

/** The record of an event, one bit of which is another one now. */
export interface FlippedBit {
  readonly seq: number
  readonly eventId: string
}

/**
 * Flips one bit of one record's text in a closed file, in the file's own bytes: as a disk would. Records that lie in one
 * piece are chosen from, all but the last, which a start looks at first.
 */
export function flipBit(driver: Driver, path: string, dice: Dice): FlippedBit {
  const lines = readLines(driver, path)
  const bytes = readFileSync(path)
  for (;;) {
    const { seq, eventId, line } = dice.anyOf(lines) ?? noLines(path)
    const at = bytes.indexOf(line)
    if (at < 0) continue
    const place = at + dice.whole(0, Buffer.byteLength(line) - 1)
    bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << dice.whole(0, 7)), place)
    writeFileSync(path, bytes)
    return { seq, eventId }
  }
}

function readLines(driver: Driver, path: string): { seq: number; eventId: string; line: string }[] {
  const database = driver.open(path, { readOnly: true })
  try {
    const select = database.prepare(
      `SELECT seq, id, line FROM records JOIN events ON events.number = event
       WHERE kind = ? AND seq < (SELECT max(seq) FROM records) AND status IS NULL`,
    )
    return select
      .all(recordKinds.event)
      .map(({ seq, id, line }) => ({ seq: Number(seq), eventId: String(id), line: String(line) }))
  } finally {
    database.close()
  }
}

function noLines(path: string): never {
  throw new Error(`${path} has no event that is not settled`)
}
