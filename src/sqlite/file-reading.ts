// Reads of the file by prepared statements. What goes wrong comes out as StorageError, and stops what must not go on.
import type { StorageError } from '../errors/errors.ts'
import type { Database, Row, Value } from './driver/database.ts'

/** A prepared query. */
export interface Query {
  get(...values: readonly Value[]): Row | undefined
  all(...values: readonly Value[]): Row[]
}

export class FileReading {
  readonly #database: Database
  readonly #failed: (error: unknown) => StorageError
  #closed: StorageError | null = null

  /** @param failed says what a fault means, and sees to what follows from it */
  constructor(database: Database, failed: (error: unknown) => StorageError) {
    this.#database = database
    this.#failed = failed
  }

  query(sql: string): Query {
    const statement = this.#database.prepare(sql)
    return {
      get: (...values) => this.#attempt(() => statement.get(...values)),
      all: (...values) => this.#attempt(() => statement.all(...values)),
    }
  }

  /** Nothing is read any more. */
  close(error: StorageError): void {
    this.#closed = error
  }

  #attempt<T>(read: () => T): T {
    if (this.#closed !== null) throw this.#closed
    try {
      return read()
    } catch (error) {
      throw this.#failed(error)
    }
  }
}
