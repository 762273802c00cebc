// Reads a log file record by record, in little memory. Knows nothing of what the records mean.
import { LogFormatError } from '../errors/errors.ts'
import { parseRecord } from '../log/jsonl.ts'
import type { LogRecord } from '../log/transition.ts'
import { readChunks } from './file-chunks.ts'
import { LineSplitter } from './line-splitter.ts'
import type { LogProblem } from './log-problem.ts'
import { isSqliteHead } from './sqlite-head.ts'

/** Hears each record, the number of its line, and where in the file its bytes stand. Says whether to read on. */
export type RecordListener = (record: LogRecord, line: number, offset: number, length: number) => boolean

/** Hears, now and then, how many bytes have been read. */
export type ProgressListener = (bytesRead: number) => void

/**
 * Reads a file that `exportJsonl` wrote, from its beginning up to the first line that is no record. Blank lines, CRLF
 * and a byte order mark are passed over.
 *
 * @param file its path, `-` for the standard input; or the descriptor of one that is open
 * @returns what was wrong with the file; null when nothing was
 * @throws what Node throws when the file cannot be read, and what `listener` throws
 */
export async function readLogFile(
  file: string | number,
  listener: RecordListener,
  onProgress?: ProgressListener,
): Promise<LogProblem | null> {
  const splitter = new LineSplitter((text, line, offset, length) => {
    return isBlank(text) || listener(parseRecord(text, line), line, offset, length)
  })
  try {
    let bytesRead = 0
    for await (const chunk of readChunks(file)) {
      const otherForm = bytesRead === 0 ? otherFormOf(chunk) : null
      if (otherForm !== null) return { kind: 'malformed', line: 1, message: otherForm }
      if (!splitter.push(chunk)) return null
      bytesRead += chunk.length
      onProgress?.(bytesRead)
    }
    return readRest(splitter, listener)
  } catch (error) {
    if (!(error instanceof LogFormatError)) throw error
    return { kind: 'malformed', line: error.line, message: error.message }
  }
}

/** What a file is that is no JSONL. Without it, a small one would pass for a log whose only line is cut short. */
function otherFormOf(chunk: Buffer): string | null {
  if (chunk[0] === 0x1f && chunk[1] === 0x8b) return gzipped
  return isSqliteHead(chunk) ? inSqlite : null
}

const gzipped = 'the log is compressed with gzip; unpack it first, as in: gunzip -c FILE | hookline replay -'
const inSqlite =
  'the log is a file of sqliteLog, and JSONL is read here; give its path to a command of hookline, or make JSONL of it ' +
  'first, as in: hookline export FILE --output log.jsonl'

/** The last line of a file whose writer was stopped has no end, and is only half a record. */
function readRest(splitter: LineSplitter, listener: RecordListener): LogProblem | null {
  const { text, line, offset, length } = splitter.rest()
  if (isBlank(text)) return null
  if (!isJson(text)) {
    const message = `line ${line} of the log, its last, is cut short (${length} bytes, no line end); it is left out`
    return { kind: 'truncated', line, message }
  }
  listener(parseRecord(text, line), line, offset, length)
  return null
}

function isBlank(text: string): boolean {
  return text.length < 2 ? text.trim() === '' : text.charCodeAt(0) <= 0x20 && text.trim() === ''
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
