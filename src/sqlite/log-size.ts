import { statSync } from 'node:fs'
import type { LogSize } from '../log/log-home.ts'

/** What the file and the `-wal` beside it take on disk. */
export function sizeOf(path: string): LogSize {
  return { fileBytes: bytesOf(path), walBytes: bytesOf(`${path}-wal`) }
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
