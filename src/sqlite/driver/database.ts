/** What the two packages that open a database are called, as their users import them. */
export type DriverName = 'node:sqlite' | 'better-sqlite3'

/**
 * A value as it is bound and read. Whole numbers must lie within ±(2^53 - 1), and text must hold neither U+0000 nor half a
 * surrogate pair: beyond that the drivers differ, and lose some of it. JSON text never does.
 */
export type Value = string | number | null | Uint8Array

export type Row = Readonly<Record<string, Value>>

/**
 * A prepared statement. A number is bound as REAL by one driver and as INTEGER by the other: a column must declare its
 * type (or its table be STRICT), and an expression must not depend on it (`? / 2`, `typeof(?)`).
 */
export interface Statement {
  /** For a statement that returns no rows. */
  run(...values: readonly Value[]): void
  /** The first row, for a statement that returns rows. */
  get(...values: readonly Value[]): Row | undefined
  /** All rows: read in pages what may be many. */
  all(...values: readonly Value[]): Row[]
}

/** What the log needs of a driver, and no more than both drivers do alike. Every error of SQLite is a {@link DatabaseError}. */
export interface Database {
  readonly driver: DriverName
  /** Runs one statement or several, separated by semicolons. */
  exec(sql: string): void
  prepare(sql: string): Statement
  /**
   * Copies the database into the empty file `target`, `pages` at a time, and what is committed meanwhile with it. Undefined where
   * the driver cannot: node:sqlite before Node 22.16.
   *
   * @param onStep is told after each time
   */
  readonly backUp?: ((target: string, pages: number, onStep: () => void) => Promise<void>) | undefined
  close(): void
}

export interface Driver {
  readonly name: DriverName
  /** Opens the file `path`, an absolute path. */
  open(path: string, options: { readonly readOnly: boolean }): Database
}

/** An error that SQLite returned, whichever driver it came through. Never leaves hookline/sqlite but as a cause. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  /** SQLite's extended result code; its lowest 8 bits are the primary one. */
  readonly resultCode: number

  constructor(message: string, resultCode: number, cause: unknown) {
    super(message, { cause })
    this.resultCode = resultCode
  }
}
