// The home of a log in one SQLite file. Records are numbered and summed as they are appended, and wait in a group; nothing
// touches the file until the group is committed, whole. What is told to the outside is told after that.
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import { StorageError } from '../errors/errors.ts'
import type { LogCondition, LogHome, LogSize } from '../log/log-home.ts'
import { Publisher } from '../log/publisher.ts'
import { checkEndpointFilter, checkFilter } from '../log/transition-filter.ts'
import type { EndpointFilter, TransitionFilter } from '../log/transition-filter.ts'
import { isEndpointTransition } from '../log/transition.ts'
import type { EndpointTransition, EndpointTransitionDraft, Transition, TransitionDraft } from '../log/transition.ts'
import type { SecretBox } from '../sealing/secret-box.ts'
import { Appending } from './appending.ts'
import { backUp } from './backup.ts'
import { CommitCycle } from './commit-cycle.ts'
import { CountersRow } from './counters.ts'
import type { Counters } from './counters.ts'
import type { Database } from './driver/database.ts'
import { toStorageError } from './faults.ts'
import { FileReading } from './file-reading.ts'
import { GroupWriter } from './group-writer.ts'
import type { Group } from './group.ts'
import { sizeOf } from './log-size.ts'
import { checkEnd } from './opened-log.ts'
import { RetentionSweep } from './retention-sweep.ts'
import { StoredEndpointsInFile } from './stored-endpoints.ts'
import { StoredEventsInFile } from './stored-events.ts'
import { StoredRecords } from './stored-records.ts'
import type { CommittedState } from './committed-state.ts'

/** The file that is open, and nobody else's. */
export interface OpenLog {
  readonly database: Database
  readonly path: string
  /** Throws StorageError when the file was removed or replaced. */
  readonly checkIdentity: () => void
  readonly close: () => void
}

export interface SqliteHomePorts {
  /** Calls back soon, once, and not within the call. What is appended until then is committed together. */
  readonly schedule: (commit: () => void) => void
  readonly clock: Clock
  readonly secretBox: SecretBox
}

export class SqliteHome implements LogHome, CommittedState {
  readonly durable = true
  readonly storedEvents: StoredEventsInFile
  readonly storedEndpoints: StoredEndpointsInFile
  readonly #log: OpenLog
  readonly #appending: Appending
  readonly #writer: GroupWriter
  readonly #cycle: CommitCycle
  readonly #reading: FileReading
  readonly #records: StoredRecords
  readonly #publisher = new Publisher<Transition>()
  readonly #endpointPublisher = new Publisher<EndpointTransition>()
  #report: (error: unknown) => void = () => undefined
  #counters: Counters
  /** Null until it is closed, or about to be. */
  #closed: StorageError | null = null
  #closing: Promise<void> | null = null
  /** Those under way, which never reject. */
  readonly #backups = new Set<Promise<void>>()

  /** @throws StorageError */
  constructor(log: OpenLog, { schedule, clock, secretBox }: SqliteHomePorts) {
    this.#log = log
    const { database, path } = log
    const countersRow = new CountersRow(database)
    this.#counters = countersRow.read()
    checkEnd(database, this.#counters)
    this.#appending = new Appending(this.#counters.lastSeq, this.#counters.lastSum)
    this.#writer = new GroupWriter(database, countersRow, clock)
    const report = (error: unknown): void => this.#report(error)
    this.#cycle = new CommitCycle({ schedule, clock, report, write: () => this.#write() })
    this.#reading = new FileReading(database, (error) => {
      const storageError = toStorageError(error, path)
      if (!storageError.recoverable) this.#cycle.stop(storageError)
      return storageError
    })
    const group = (): Group => this.group
    this.#records = new StoredRecords(this.#reading, group)
    this.storedEvents = new StoredEventsInFile(this.#reading, this, new RetentionSweep(this.#reading, this))
    this.storedEndpoints = new StoredEndpointsInFile(this.#reading, secretBox, {
      group,
      admitEnd: () => this.#admit(false),
      append: (draft) => {
        this.#admit(draft.configuration !== null)
        const seq = this.#appending.appendConfiguration(draft)
        this.wanted()
        return seq
      },
    })
    this.storedEndpoints.resealAll(isoTime(clock.now()))
  }

  get group(): Group {
    return this.#appending.group
  }

  get counters(): Counters {
    return this.#counters
  }

  get condition(): LogCondition {
    return this.#cycle.condition
  }

  get writable(): boolean {
    return this.#cycle.condition === 'writable' && this.#closed === null
  }

  get lastEvictedSeq(): number {
    return Math.max(this.#counters.lastEvicted, this.#records.lastLeftOutSeq)
  }

  append(draft: TransitionDraft): Transition {
    this.#admit(draft.from === null)
    const transition = this.#appending.append(draft)
    this.wanted()
    return transition
  }

  appendAll(drafts: readonly TransitionDraft[]): readonly Transition[] {
    this.#admit(drafts.some(({ from }) => from === null))
    const transitions = this.#appending.appendAll(drafts)
    this.wanted()
    return transitions
  }

  appendEndpoint(draft: EndpointTransitionDraft): EndpointTransition {
    this.#admit(false)
    const transition = this.#appending.appendEndpoint(draft)
    this.wanted()
    return transition
  }

  evict(eventId: string): void {
    this.#admit(false)
    this.group.evict(eventId)
    this.wanted()
  }

  evictEndpointRecord(seq: number): void {
    this.#admit(false)
    this.group.evictEndpointRecord(seq)
    this.wanted()
  }

  wanted(): void {
    this.#cycle.wanted()
  }

  afterCommit(act: (error: Error | null) => void): void {
    if (this.#closed !== null) throw this.#closed
    this.#cycle.afterCommit(act)
  }

  flush(): Promise<void> {
    return this.#closed === null ? this.#cycle.flush() : Promise.reject(this.#closed)
  }

  entries(filter?: TransitionFilter): Iterable<Transition> {
    const checked = checkFilter(filter)
    return this.#records.entries(checked)
  }

  endpointEntries(filter?: EndpointFilter): Iterable<EndpointTransition> {
    return this.#records.endpointEntries(checkEndpointFilter(filter))
  }

  subscribe(listener: (transition: Transition) => void): () => void {
    return this.#publisher.subscribe(listener)
  }

  subscribeToEndpoints(listener: (transition: EndpointTransition) => void): () => void {
    return this.#endpointPublisher.subscribe(listener)
  }

  onListenerError(report: (error: unknown) => void): void {
    this.#report = report
    this.#publisher.onListenerError(report)
    this.#endpointPublisher.onListenerError(report)
  }

  onCondition(report: (condition: LogCondition, error: Error | null) => void): void {
    this.#cycle.onCondition(report)
  }

  /** Also once it is closed, as `condition` and the totals: whoever looks back at the figures finds them. */
  size(): LogSize {
    return sizeOf(this.#log.path)
  }

  /**
   * Copies the log as it is into a new file `target`, while deliveries go on. What was submitted before is in it. When the
   * promise resolves, the file is there, whole and on the disk.
   *
   * @throws InvalidOptionError
   * @throws StorageError when the file cannot be written, or is there already
   */
  backup(target: string): Promise<void> {
    const backup = this.#backUp(target)
    const ended = backup.then(
      () => undefined,
      () => undefined,
    )
    this.#backups.add(ended)
    void ended.then(() => this.#backups.delete(ended))
    return backup
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  /** What is under way goes on to be recorded while a group is held; nothing new is taken. */
  #admit(isNew: boolean): void {
    if (this.#closed !== null) throw this.#closed
    const { condition, error } = this.#cycle
    if (error !== null && (isNew || condition === 'stopped')) throw error
  }

  #write(): void {
    const { group } = this
    if (group.empty) return
    try {
      const { counters, unremoved } = this.#writer.write(group)
      this.#counters = counters
      this.#appending.startGroup(unremoved)
      // Before anyone is told: what was written to a file that is gone would be lost.
      this.#log.checkIdentity()
    } catch (error) {
      throw toStorageError(error, this.#log.path)
    }
    if (!this.group.empty) this.wanted()
    for (const { record } of group.records) {
      if (record === null) continue
      if (isEndpointTransition(record)) this.#endpointPublisher.publish(record)
      else this.#publisher.publish(record)
    }
  }

  async #backUp(target: string): Promise<void> {
    await this.flush()
    if (this.#closed !== null) throw this.#closed
    await backUp(this.#log.database, target)
  }

  async #close(): Promise<void> {
    const flushed = this.#cycle.flush()
    const path = JSON.stringify(this.#log.path)
    this.#closed = new StorageError(`the log ${path} was closed`, 'closed', false)
    try {
      await flushed
    } finally {
      await Promise.all(this.#backups)
      this.#reading.close(this.#closed)
      this.#cycle.end(this.#closed)
      this.#release()
    }
  }

  #release(): void {
    try {
      // So that the file alone holds everything, where nothing stands in the way.
      this.#log.database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // The -wal stays beside it, and the next start reads both.
    }
    this.#log.close()
  }
}
