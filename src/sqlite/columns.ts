// What a row holds is checked as it is read: a damaged file may hold anything.
import { StorageError } from '../errors/errors.ts'
import type { Row, Value } from './driver/database.ts'

export function integerIn(row: Row, column: string): number {
  const value = row[column]
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : refuse(column, value)
}

export function integerOrNullIn(row: Row, column: string): number | null {
  return row[column] === null ? null : integerIn(row, column)
}

export function textIn(row: Row, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : refuse(column, value)
}

export function textOrNullIn(row: Row, column: string): string | null {
  return row[column] === null ? null : textIn(row, column)
}

/** Bytes, as hexadecimal digits. */
export function hexIn(row: Row, column: string): string {
  const value = row[column]
  if (!(value instanceof Uint8Array)) return refuse(column, value)
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
}

function refuse(column: string, value: Value | undefined): never {
  const found = value === undefined ? 'nothing' : value === null ? 'null' : `a ${typeof value}`
  throw new StorageError(`the log's file is damaged: ${found} stands where "${column}" is to be`, 'damaged', false)
}
