import { createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { InvalidOptionError } from '../errors/errors.ts'
import { OptionReader } from '../options/option-reader.ts'
import { readGiven } from '../options/read-given.ts'
import { checkItems } from '../options/value-checks.ts'
import { decodeStrictBase64 } from '../signing/strict-base64.ts'

// Owns which keys may seal. A key given in the wrong place is still a key: nothing of what was given reaches an error.

/** A key that seals what must not be read from the file alone. */
export interface SecretKey {
  /** Stands in the clear beside what the key sealed, and says which key opens it. 1 to 64 visible ASCII characters. */
  readonly id: string
  /** 32 bytes: as they are, as 64 hex digits, or as base64. */
  readonly key: Uint8Array | string
}

const mostKeys = 100
const keyBytes = 32
const idForm = /^[!-~]{1,64}$/
const hexForm = /^[\dA-Fa-f]{64}$/

/**
 * Checks a list of keys, at most 100.
 *
 * @returns the keys by their ids, in the order given
 * @throws InvalidOptionError which shows nothing of a key, and no id
 */
export function readSecretKeys(value: unknown, option: string): ReadonlyMap<string, KeyObject> {
  const keys = new Map<string, KeyObject>()
  if (value === undefined) return keys
  checkItems(value, option, { min: 0, max: mostKeys }).forEach((item, index) => {
    const path = `${option}[${index}]`
    const reader = new OptionReader(item, path, ['id', 'key'])
    const id = readId(reader.given('id'), reader.path('id'))
    if (keys.has(id)) refuse(reader.path('id'), 'must be given once', 'the id of a key before it')
    keys.set(id, readKey(reader.given('key'), reader.path('key')))
  })
  return keys
}

function readId(value: unknown, option: string): string {
  if (typeof value === 'string' && idForm.test(value)) return value
  return refuse(option, 'must be 1 to 64 visible ASCII characters', kindOf(value))
}

function readKey(value: unknown, option: string): KeyObject {
  const bytes = readGiven(option, () => bytesOf(value))
  if (bytes?.length === keyBytes) return createSecretKey(bytes)
  const rule = `must be ${keyBytes} bytes, as a Uint8Array, as 64 hex digits or as base64`
  return refuse(option, rule, bytes === null ? kindOf(value) : `${bytes.length} bytes`)
}

/** Null for what is no bytes in any of the forms. */
function bytesOf(value: unknown): Uint8Array | null {
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (typeof value !== 'string') return null
  return hexForm.test(value) ? Buffer.from(value, 'hex') : decodeStrictBase64(value)
}

function kindOf(value: unknown): string {
  if (typeof value === 'string') return `a string of ${value.length} characters`
  return value === null ? 'null' : `a value of type ${typeof value}`
}

function refuse(option: string, rule: string, received: string): never {
  throw new InvalidOptionError(`${option} ${rule}, got ${received}`, option, received)
}
