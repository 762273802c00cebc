import { InvalidOptionError } from '../errors/errors.ts'
import { entriesOf } from '../options/option-reader.ts'
import { headerKey, isHeaderName, isReservedHeader } from '../signing/reserved-headers.ts'

// Owns what a user may add to a request. Values are often credentials: none may reach an error, in its message or in
// its `received`.

const mostHeaders = 32
const longestValueBytes = 4096
const mostBytes = 16 * 1024
const longestNameShown = 64
const fieldText = /^[\t\x20-\x7e]+$/
const outerBlank = /^[\t ]|[\t ]$/
const none: readonly string[] = Object.freeze([])

/**
 * Checks custom headers, given as an object from name to value: at most 32, names that are HTTP tokens and not reserved,
 * values of 1 to 4,096 visible ASCII characters (spaces and tabs inside), 16 KiB for
 * all names and values together.
 *
 * @returns names and values in turn, in the order given
 * @throws InvalidOptionError naming the header, never its value
 */
export function resolveCustomHeaders(value: unknown, option: string): readonly string[] {
  if (value === undefined) return none
  const entries = entriesOf(value, option)
  if (entries.length > mostHeaders) refuse(option, `must hold at most ${mostHeaders} headers`, `${entries.length}`)
  const headers: string[] = []
  const seen = new Set<string>()
  let bytes = 0
  for (const [name, text] of entries) {
    const path = `${option}[${showName(name)}]`
    checkName(name, path, seen)
    const checked = checkValue(text, path)
    bytes += name.length + checked.length
    headers.push(name, checked)
  }
  if (bytes > mostBytes) refuse(option, `must hold at most ${mostBytes} bytes of names and values`, `${bytes} bytes`)
  return Object.freeze(headers)
}

function checkName(name: string, path: string, seen: Set<string>): void {
  if (!isHeaderName(name))
    refuse(path, 'must have a name of letters, digits and hyphens', 'a name that is no HTTP token')
  if (isReservedHeader(name))
    refuse(path, 'must not be set', 'a header reserved for hookline, the connection, proxies or metadata services')
  const key = headerKey(name)
  if (seen.has(key)) refuse(path, 'must be given once', 'the same name in another writing')
  seen.add(key)
}

function checkValue(value: unknown, path: string): string {
  if (typeof value !== 'string') {
    return refuse(path, 'must be a string', value === null ? 'null' : `a value of type ${typeof value}`)
  }
  if (value.length === 0 || value.length > longestValueBytes) {
    return refuse(path, `must be 1 to ${longestValueBytes} bytes long`, `${value.length} characters`)
  }
  if (!fieldText.test(value)) return refuse(path, 'must hold only visible ASCII, spaces and tabs', 'other characters')
  if (outerBlank.test(value)) return refuse(path, 'must not begin or end with a space or tab', 'one that does')
  return value
}

/** What follows a colon is left out: a whole header line given as the name holds a value. */
function showName(name: string): string {
  const shown = name.split(':', 1).join('').slice(0, longestNameShown)
  return JSON.stringify(shown.length < name.length ? `${shown}…` : shown)
}

function refuse(option: string, rule: string, received: string): never {
  throw new InvalidOptionError(`${option} ${rule}, got ${received}`, option, received)
}
