import { type Database, DatabaseError, type DriverName, type Row, type Statement, type Value } from './database.ts'

/** What both drivers' statements have in common. */
export interface NativeStatement {
  run(...values: readonly Value[]): unknown
  get(...values: readonly Value[]): Row | undefined
  all(...values: readonly Value[]): Row[]
}

/** What both drivers' databases have in common. */
export interface NativeDatabase {
  exec(sql: string): unknown
  prepare(sql: string): NativeStatement
  close(): unknown
}

/** The extended result code of what a driver threw; null when it is no error of SQLite. */
export type ReadResultCode = (error: unknown) => number | null

/** {@link Database.backUp}, for a driver's own database. */
export type BackUp<T> = (native: T, target: string, pages: number, onStep: () => void) => Promise<unknown>

/** Opens a driver's database behind the port. */
export function wrapDatabase<T extends NativeDatabase>(
  driver: DriverName,
  open: () => T,
  readResultCode: ReadResultCode,
  backUp?: BackUp<T>,
): Database {
  const native = translated(open, readResultCode)
  return {
    driver,
    backUp:
      backUp &&
      (async (target, pages, onStep) => {
        try {
          await backUp(native, target, pages, onStep)
        } catch (error) {
          throw toDatabaseError(error, readResultCode)
        }
      }),
    exec: (sql) => translated(() => void native.exec(sql), readResultCode),
    prepare: (sql) =>
      new WrappedStatement(
        translated(() => native.prepare(sql), readResultCode),
        readResultCode,
      ),
    close: () => translated(() => void native.close(), readResultCode),
  }
}

class WrappedStatement implements Statement {
  readonly #native: NativeStatement
  readonly #readResultCode: ReadResultCode

  constructor(native: NativeStatement, readResultCode: ReadResultCode) {
    this.#native = native
    this.#readResultCode = readResultCode
  }

  run(...values: readonly Value[]): void {
    try {
      this.#native.run(...values)
    } catch (error) {
      throw toDatabaseError(error, this.#readResultCode)
    }
  }

  get(...values: readonly Value[]): Row | undefined {
    try {
      return this.#native.get(...values)
    } catch (error) {
      throw toDatabaseError(error, this.#readResultCode)
    }
  }

  all(...values: readonly Value[]): Row[] {
    try {
      return this.#native.all(...values)
    } catch (error) {
      throw toDatabaseError(error, this.#readResultCode)
    }
  }
}

function translated<T>(act: () => T, readResultCode: ReadResultCode): T {
  try {
    return act()
  } catch (error) {
    throw toDatabaseError(error, readResultCode)
  }
}

/** A mistake in the calling code (a closed database, a wrong number of values) stays the driver's own error. */
function toDatabaseError(error: unknown, readResultCode: ReadResultCode): unknown {
  const resultCode = readResultCode(error)
  return resultCode === null || !(error instanceof Error) ? error : new DatabaseError(error.message, resultCode, error)
}
