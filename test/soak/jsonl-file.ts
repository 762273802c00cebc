import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'

const flushChars = 1 << 18

/**
 * A list that lives in a file, so that what the soak remembers of its run does not grow the heap it watches. Written
 * synchronously: it holds no handle that the event loop knows of.
 */
export class JsonlFile<T> {
  readonly #path: string
  readonly #descriptor: number
  #unwritten = ''

  constructor(path: string) {
    this.#path = path
    this.#descriptor = openSync(path, 'w')
  }

  push(value: T): void {
    this.#unwritten += `${JSON.stringify(value)}\n`
    if (this.#unwritten.length >= flushChars) this.#write()
  }

  /** Ends the writing, and gives back everything that was pushed. */
  async readAll(): Promise<T[]> {
    this.#write()
    closeSync(this.#descriptor)
    const values: T[] = []
    // What was pushed is what JSON gives back: only values with a JSON form are pushed.
    for await (const line of createInterface(createReadStream(this.#path))) values.push(JSON.parse(line) as T)
    return values
  }

  #write(): void {
    writeSync(this.#descriptor, this.#unwritten)
    this.#unwritten = ''
  }
}
