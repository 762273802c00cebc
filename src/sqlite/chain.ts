import crypto from 'node:crypto'

/** What stands before the first record, in place of a sum. */
export const sumBeforeFirst = '0'.repeat(32)

/** Node 20.12 has it; it costs half of what a hash object does. */
const hashOnce = crypto.hash as typeof crypto.hash | undefined

/**
 * The checksum of a record, 32 hexadecimal digits: the first half of SHA-256 over the sum of the record appended before it,
 * its number and its text, with a space between each two.
 */
export function sumOf(previous: string, seq: number, line: string): string {
  const summed = `${previous} ${seq} ${line}`
  const digest =
    hashOnce === undefined
      ? crypto.createHash('sha256').update(summed).digest('hex')
      : hashOnce('sha256', summed, 'hex')
  return digest.slice(0, 32)
}
