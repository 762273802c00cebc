// A log file for random access: what any event, line or endpoint was at any record. Holds an index in memory, and reads
// single records from the file when they are asked for.
import type { LogRecord } from '../log/transition.ts'
import { indexLogFile } from './index-log-file.ts'
import type { IndexedFile } from './index-log-file.ts'
import { openJsonlFile } from './jsonl-file.ts'
import type { LogIndex } from './log-index.ts'
import type { LogProblem } from './log-problem.ts'
import type { Moment } from './moment.ts'
import type { ProgressListener } from './read-log-file.ts'
import type { OpenRecordFile, RecordFile } from './record-file.ts'
import { RecordedState } from './recorded-state.ts'

export interface OpenOptions {
  /** Read no further than this moment. @default the whole file */
  readonly until?: Moment | undefined
  /** Hears, now and then, how many bytes have been read. */
  readonly onProgress?: ProgressListener | undefined
  /** Opens the file. @default as JSONL */
  readonly openFile?: OpenRecordFile | undefined
}

/**
 * A recorded log, open. Only what was read of the file counts: where `problem` says that it is damaged, the log ends.
 * A record's place is its number in the file, from 0, and not its `seq`, which may have gaps.
 */
export class RecordedLog {
  readonly path: string
  /** What ended the reading too soon, or was left out; null when nothing was wrong. */
  readonly problem: LogProblem | null
  readonly #index: LogIndex
  readonly #file: RecordFile

  private constructor(path: string, file: RecordFile, { index, problem }: IndexedFile) {
    this.path = path
    this.problem = problem
    this.#index = index
    this.#file = file
  }

  /**
   * Reads and checks a file. It stays open until `close`.
   *
   * @throws what `openFile` throws when it cannot be read
   */
  static async open(path: string, options: OpenOptions = {}): Promise<RecordedLog> {
    const { until, onProgress, openFile = openJsonlFile } = options
    const file = await openFile(path)
    try {
      return new RecordedLog(path, file, await indexLogFile(file, until, onProgress))
    } catch (error) {
      file.close()
      throw error
    }
  }

  close(): void {
    this.#file.close()
  }

  /** How many records there are. */
  get length(): number {
    return this.#index.records.length
  }

  /** How many events there are. */
  get eventCount(): number {
    return this.#index.events.length
  }

  seqAt(place: number): number {
    return this.#index.records.seqAt(place)
  }

  /** When a record was appended, in milliseconds since 1970. */
  timeAt(place: number): number {
    return this.#index.records.timeAt(place)
  }

  /** The type of the machine event that a record carries: `attempt.started`. */
  typeAt(place: number): string {
    return this.#index.records.typeAt(place)
  }

  /** The last record that is numbered at most `seq`; -1 when there is none. */
  placeOfSeq(seq: number): number {
    return this.#index.records.placeOfSeq(seq)
  }

  /** The last record before the first that is later than `timeMs`; -1 when there is none. */
  placeAtTime(timeMs: number): number {
    return this.#index.records.placeAtTime(timeMs)
  }

  /** Reads one record from the file. */
  readonly record = (place: number): LogRecord => {
    return this.#file.recordAt({ ...this.#index.records.bytesAt(place), line: place + 1 })
  }

  /**
   * Everything as it was at a moment: after the record of that `seq`, or the last one before it; or at that time.
   *
   * @param moment by default the end of the log
   */
  stateAt(moment?: Moment): RecordedState {
    if (moment === undefined) return new RecordedState(this.#index, this.record, this.length - 1, null)
    if ('seq' in moment) return new RecordedState(this.#index, this.record, this.placeOfSeq(moment.seq), null)
    return new RecordedState(this.#index, this.record, this.placeAtTime(moment.timeMs), moment.timeMs)
  }
}
