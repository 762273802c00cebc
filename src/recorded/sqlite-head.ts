const head = Buffer.from('SQLite format 3\0', 'latin1')

/** How many bytes it takes to tell. */
export const sqliteHeadBytes = head.length

/** Whether a file that begins with these bytes is one of SQLite's. */
export function isSqliteHead(bytes: Buffer): boolean {
  return bytes.subarray(0, head.length).equals(head)
}
