// Owns the JSON form in which a home keeps an endpoint's settings: `{ "version": 1 }` and every option of registerEndpoint
// but the id, as it would be given there. So what comes back passes the same checks as what is given anew.
import { StorageError } from '../errors/errors.ts'
import { HooklineError } from '../errors/hookline-error.ts'
import { resolveEndpointOptions } from './endpoint-options.ts'
import type { EndpointOptionsContext, EndpointSettings } from './endpoint-options.ts'

/** Raised when an option changes its meaning; `readStoredSettings` then turns the former form into the new one. */
const settingsVersion = 1

/** A plain JSON value. It holds the values of custom headers, which may be credentials. */
export function writeStoredSettings(settings: EndpointSettings): unknown {
  return { version: settingsVersion, ...settings, headers: headersOf(settings) }
}

/**
 * @throws StorageError `unknownFormat` when a later version wrote them, `damaged` when they are no settings or this
 *   version does not take them; nothing of their values is in its message
 */
export function readStoredSettings(
  value: unknown,
  endpointId: string,
  context: EndpointOptionsContext,
): EndpointSettings {
  const { version, ...options } = fieldsOf(value)
  if (version !== settingsVersion) {
    const isLater = typeof version === 'number' && version > settingsVersion
    if (!isLater) return refuse(endpointId, 'are no settings')
    const later = `the stored settings of ${endpointId} were written by a later version of hookline`
    throw new StorageError(later, 'unknownFormat', false)
  }
  try {
    return resolveEndpointOptions(options, context)
  } catch (error) {
    // The message of an option that is refused never shows a value that may be secret; what else may be thrown could.
    return refuse(endpointId, error instanceof HooklineError ? `are not taken: ${error.message}` : 'cannot be read')
  }
}

function headersOf({ headers }: EndpointSettings): Readonly<Record<string, string>> {
  const pairs: [string, string][] = []
  for (let i = 0; i < headers.length; i += 2) pairs.push([headers[i] ?? '', headers[i + 1] ?? ''])
  return Object.fromEntries(pairs)
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  // Whatever an object holds is unknown, which is all that the cast says.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function refuse(endpointId: string, what: string): never {
  throw new StorageError(`the stored settings of ${endpointId} ${what}`, 'damaged', false)
}
