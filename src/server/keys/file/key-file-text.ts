// How keys stand in their file. What is not exactly this is refused, and never written over.
import { describeValue } from '../../../errors/describe-value.ts'
import { InvalidOptionError, StorageError } from '../../../errors/errors.ts'
import { OptionReader } from '../../../options/option-reader.ts'
import { checkItems, checkOneOf, checkPrintableString, checkString } from '../../../options/value-checks.ts'
import { roles } from '../caller.ts'
import { KeyRing } from '../key-ring.ts'
import type { StoredKey, StoredTenant } from '../key-store.ts'

const format = 'hookline-keys'
/** Rises when a hookline that knows the former one could not read, or would lose, what is in the file. */
const version = 1

const keyFields = ['id', 'name', 'role', 'tenantId', 'secretHash', 'createdAt', 'revokedAt']
const tenantFields = ['id', 'active', 'changedAt']
const anyLength = { min: 0, max: Infinity }
const textLength = { min: 1, max: 128 }

/** Two spaces deep, so that a person can read it. */
export function writeKeyFileText(ring: KeyRing): string {
  return `${JSON.stringify({ format, version, keys: ring.list(), tenants: ring.tenants() }, null, 2)}\n`
}

/** @throws StorageError `damaged`, or `unknownFormat` when a newer hookline wrote it */
export function readKeyFileText(text: string, path: string): KeyRing {
  const shown = `the key file ${JSON.stringify(path)}`
  const content = parse(text, shown)
  const reader = openReader(content, shown)
  try {
    const keys = checkItems(reader.given('keys'), 'keys', anyLength).map((item, index) =>
      readKey(item, `keys[${index}]`),
    )
    const tenants = checkItems(reader.given('tenants'), 'tenants', anyLength).map((item, index) =>
      readTenant(item, `tenants[${index}]`),
    )
    checkUnique(keys, 'keys')
    checkUnique(tenants, 'tenants')
    return new KeyRing(keys, tenants)
  } catch (error) {
    if (error instanceof InvalidOptionError) throw damaged(shown, error.message, error)
    throw error
  }
}

function parse(text: string, shown: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message shows a piece of the text.
    throw damaged(shown, text.trim() === '' ? 'it is empty' : 'it is no JSON')
  }
}

function openReader(content: unknown, shown: string): OptionReader {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw damaged(shown, `it must hold an object, got ${describeValue(content)}`)
  }
  const { format: foundFormat, version: found }: { format?: unknown; version?: unknown } = content
  if (foundFormat === format && typeof found === 'number' && found > version) {
    const text = `${shown} was written by a newer hookline, in form ${found}; this one knows form ${version}`
    throw new StorageError(`${text}: update hookline, or restore a copy of the file`, 'unknownFormat', false)
  }
  if (foundFormat !== format || found !== version) {
    throw new StorageError(`${shown} is no key file of hookline: name another`, 'unknownFormat', false)
  }
  try {
    return new OptionReader(content, 'file', ['format', 'version', 'keys', 'tenants'])
  } catch (error) {
    throw damaged(shown, error instanceof Error ? error.message : String(error), error)
  }
}

function readKey(value: unknown, option: string): StoredKey {
  const reader = new OptionReader(value, option, keyFields)
  const tenantId = reader.given('tenantId')
  const revokedAt = reader.given('revokedAt')
  return {
    id: readHex(reader, 'id', 12),
    name: checkPrintableString(reader.given('name'), reader.path('name'), textLength),
    role: checkOneOf(reader.given('role'), reader.path('role'), roles),
    tenantId: tenantId === null ? null : checkPrintableString(tenantId, reader.path('tenantId'), textLength),
    secretHash: readHex(reader, 'secretHash', 64),
    createdAt: readTime(reader, 'createdAt'),
    revokedAt: revokedAt === null ? null : readTime(reader, 'revokedAt'),
  }
}

function readTenant(value: unknown, option: string): StoredTenant {
  const reader = new OptionReader(value, option, tenantFields)
  const active = reader.given('active')
  if (typeof active !== 'boolean') {
    throw new InvalidOptionError(`${reader.path('active')} must be true or false`, reader.path('active'), active)
  }
  return {
    id: checkPrintableString(reader.given('id'), reader.path('id'), textLength),
    active,
    changedAt: readTime(reader, 'changedAt'),
  }
}

/** What it got is not shown: whoever edits the file may have put a secret there. */
function readHex(reader: OptionReader, name: string, length: number): string {
  const value = reader.given(name)
  if (typeof value === 'string' && value.length === length && /^[0-9a-f]*$/.test(value)) return value
  const option = reader.path(name)
  throw new InvalidOptionError(`${option} must be ${length} hex digits`, option, undefined)
}

function readTime(reader: OptionReader, name: string): string {
  const option = reader.path(name)
  const text = checkString(reader.given(name), option, textLength)
  if (Number.isNaN(Date.parse(text))) throw new InvalidOptionError(`${option} must be a time`, option, text)
  return text
}

function checkUnique(items: readonly { readonly id: string }[], option: string): void {
  if (new Set(items.map(({ id }) => id)).size < items.length) {
    throw new InvalidOptionError(`${option} must not hold an id twice`, option, undefined)
  }
}

function damaged(shown: string, detail: string, cause?: unknown): StorageError {
  const remedy = 'restore a copy, or remove it and make new keys'
  return new StorageError(`${shown} is damaged: ${detail}; ${remedy}`, 'damaged', false, cause)
}
