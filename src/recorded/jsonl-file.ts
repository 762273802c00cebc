// A log in JSONL as a place to read records from.
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs'
import { stdin } from 'node:process'
import { parseRecord } from '../log/jsonl.ts'
import { readLogFile } from './read-log-file.ts'
import type { RecordFile, RecordSource } from './record-file.ts'
import { spoolInput } from './spooled-input.ts'
import type { SpooledInput } from './spooled-input.ts'

/** A file to be read once. @param file as in {@link readLogFile} */
export function jsonlSource(file: string | number): RecordSource {
  return {
    read: (listener, onProgress) => readLogFile(file, listener, onProgress),
    located: (line) => `line ${line} of the log: `,
  }
}

/**
 * A file to be read anywhere.
 *
 * @param path `-` takes standard input, which is copied to a temporary file first, as a pipe is
 * @throws what Node throws when it cannot be read
 */
export async function openJsonlFile(path: string): Promise<RecordFile> {
  const opened = await openFile(path)
  const { file } = opened
  return {
    ...jsonlSource(file),
    recordAt({ offset, length, line }) {
      const bytes = Buffer.allocUnsafe(length)
      const bytesRead = readSync(file, bytes, 0, length, offset)
      return parseRecord(bytes.toString('utf8', 0, bytesRead), line)
    },
    close: () => opened.close(),
  }
}

/** A file is read where it lies. What can be read only once is copied: `-`, and a pipe that has a name. */
function openFile(path: string): SpooledInput | Promise<SpooledInput> {
  if (path === '-') return spoolInput(stdin)
  const file = openSync(path, 'r')
  const stats = fstatSync(file)
  if (!stats.isFile() && !stats.isDirectory()) return spoolInput(createReadStream('', { fd: file }))
  return { file, close: () => closeSync(file) }
}
