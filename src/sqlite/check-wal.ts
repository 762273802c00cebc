// SQLite reads a `-wal` up to the first frame whose checksum is wrong, and passes over what follows without a word: it takes
// it for a transaction that power loss cut short. Where whole transactions follow, it was none, and they would be lost.
import { readFileSync } from 'node:fs'
import { StorageError } from '../errors/errors.ts'

// https://sqlite.org/fileformat.html#the_write_ahead_log
const headerBytes = 32
const frameHeaderBytes = 24
/** How one begins whose checksums take their words with the lowest byte first; one more, and it is the other order. */
const magic = 0x377f0682

/**
 * How many transactions after the damage prove it. The one that power loss cut short may have left its end, and so may one
 * before it that was cut short in the same way.
 */
const provingTransactions = 3

/**
 * @param shownAs the path to show for `path`
 * @throws StorageError `damaged` when the `-wal` beside the file `path` was changed since it was written
 */
export function checkWal(path: string, shownAs = path): void {
  const wal = readWal(`${path}-wal`)
  if (wal.length <= headerBytes) return
  const whole = wholeBytes(wal)
  if (whole === wal.length) return
  const lost = transactionsAfter(wal, whole)
  if (lost < provingTransactions) return
  throw new StorageError(
    `the log ${JSON.stringify(shownAs)} cannot go on: the -wal beside it is damaged after byte ${whole}, and ${lost} ` +
      `transactions that were committed after that cannot be read; restore a copy, or cut the -wal to ${whole} bytes to go ` +
      'on without them',
    'damaged',
    false,
  )
}

function readWal(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

const frameBytesOf = (wal: Buffer): number => frameHeaderBytes + wal.readUInt32BE(8)

/** How many bytes from its beginning SQLite can read: none, when its header is damaged. */
function wholeBytes(wal: Buffer): number {
  const frameBytes = frameBytesOf(wal)
  const read = wal.readUInt32BE(0) === magic ? littleEndian : bigEndian
  let sum = addUp(wal, 0, frameHeaderBytes, [0, 0], read)
  if (!isSum(wal, frameHeaderBytes, sum)) return 0
  for (let at = headerBytes; ; at += frameBytes) {
    if (at + frameBytes > wal.length || !isOfThisWal(wal, at)) return at
    sum = addUp(wal, at, at + 8, sum, read)
    sum = addUp(wal, at + frameHeaderBytes, at + frameBytes, sum, read)
    if (!isSum(wal, at + 16, sum)) return at
  }
}

/** Transactions that end after `from`, as far as the ends themselves say so. */
function transactionsAfter(wal: Buffer, from: number): number {
  const frameBytes = frameBytesOf(wal)
  let transactions = 0
  for (let at = Math.max(from, headerBytes); at + frameBytes <= wal.length; at += frameBytes) {
    // With a header that is damaged, nobody knows which frames are its own.
    const isOwn = from === 0 || isOfThisWal(wal, at)
    if (isOwn && isEnd(wal, at) && !isPadding(wal, at, frameBytes)) transactions += 1
  }
  return transactions
}

function isEnd(wal: Buffer, frame: number): boolean {
  return wal.readUInt32BE(frame + 4) !== 0
}

/** To fill a sector, SQLite repeats the frame that ends a transaction. */
function isPadding(wal: Buffer, frame: number, frameBytes: number): boolean {
  const before = frame - frameBytes
  if (before < headerBytes || wal.compare(wal, frame, frame + 8, before, before + 8) !== 0) return false
  return wal.compare(wal, before + frameHeaderBytes, frame, frame + frameHeaderBytes, frame + frameBytes) === 0
}

/** A -wal is written anew from its beginning, over what was there: the salt in its header marks what is of now. */
function isOfThisWal(wal: Buffer, frame: number): boolean {
  return wal.compare(wal, 16, 24, frame + 8, frame + 16) === 0
}

type Sum = readonly [number, number]
type ReadWord = (wal: Buffer, at: number) => number
const littleEndian: ReadWord = (wal, at) => wal.readUInt32LE(at)
const bigEndian: ReadWord = (wal, at) => wal.readUInt32BE(at)

function addUp(wal: Buffer, from: number, to: number, [first, second]: Sum, read: ReadWord): Sum {
  let one = first
  let two = second
  for (let at = from; at < to; at += 8) {
    one = (one + read(wal, at) + two) >>> 0
    two = (two + read(wal, at + 4) + one) >>> 0
  }
  return [one, two]
}

function isSum(wal: Buffer, at: number, [one, two]: Sum): boolean {
  return wal.readUInt32BE(at) === one && wal.readUInt32BE(at + 4) === two
}
