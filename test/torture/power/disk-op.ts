/** One thing that a traced process did, in the order in which it did them. Paths are absolute. */
export type DiskOp =
  /** The name leads to a file from now on; to a new one, if there was none. */
  | { readonly type: 'open'; readonly path: string; readonly creates: boolean; readonly empties: boolean }
  /** `offset` null: at the file's end. */
  | { readonly type: 'write'; readonly path: string; readonly offset: number | null; readonly data: Buffer }
  | { readonly type: 'truncate'; readonly path: string; readonly size: number }
  /** A file's content, or a folder's names, are on the disk. */
  | { readonly type: 'sync'; readonly path: string }
  | { readonly type: 'unlink'; readonly path: string }
  | { readonly type: 'rename'; readonly from: string; readonly to: string }

/** Bytes that left the process over a socket, whose number is `descriptor`. */
export interface SentBytes {
  readonly type: 'sent'
  readonly descriptor: number
  readonly data: Buffer
}

export type TracedOp = DiskOp | SentBytes
