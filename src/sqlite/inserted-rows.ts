import type { Database, Statement, Value } from './driver/database.ts'

/** Rows that one statement inserts: a row costs little more than half of what it does alone. */
const rowsAtOnce = 8

/** Inserts rows into a table, several at once: what was added is in the table after {@link insertRest} at the latest. */
export class InsertedRows {
  readonly #columnCount: number
  readonly #insertOne: Statement
  readonly #insertMany: Statement
  /** Of the rows that are not inserted yet, one after the other. */
  #values: Value[] = []

  constructor(database: Database, table: string, columns: readonly string[]) {
    const into = `INSERT INTO ${table} (${columns.join(', ')}) VALUES `
    const row = `(${columns.map(() => '?').join(', ')})`
    this.#columnCount = columns.length
    this.#insertOne = database.prepare(into + row)
    this.#insertMany = database.prepare(into + Array<string>(rowsAtOnce).fill(row).join(', '))
  }

  /** @param row a value for each column */
  add(...row: readonly Value[]): void {
    this.#values.push(...row)
    if (this.#values.length < rowsAtOnce * this.#columnCount) return
    this.#insertMany.run(...this.#values)
    this.#values = []
  }

  insertRest(): void {
    for (let at = 0; at < this.#values.length; at += this.#columnCount) {
      this.#insertOne.run(...this.#values.slice(at, at + this.#columnCount))
    }
    this.#values = []
  }

  forget(): void {
    this.#values = []
  }
}
