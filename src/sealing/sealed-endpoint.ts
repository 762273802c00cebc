// Owns the text in which a home writes an endpoint down. All of it is sealed: the secrets, the values of custom headers,
// and the URL, which may hold a token.
import { StorageError } from '../errors/errors.ts'
import type { StoredEndpoint, StoredSecret } from '../log/stored-endpoints.ts'
import type { SecretBox } from './secret-box.ts'

/** A text of one line, for the home to store. */
export function sealEndpoint(box: SecretBox, { endpointId, url, settings, secrets }: StoredEndpoint): string {
  return box.seal(JSON.stringify({ url, settings, secrets }), endpointId)
}

/** @throws StorageError `wrongKey` or `damaged`; nothing of the endpoint is in its message */
export function openEndpoint(box: SecretBox, sealed: string, endpointId: string): StoredEndpoint {
  const { url, settings, secrets } = parse(box.open(sealed, endpointId), endpointId)
  if (typeof url === 'string' && Array.isArray(secrets) && secrets.length > 0 && secrets.every(isSecret)) {
    return { endpointId, url, settings, secrets: secrets.map(({ secret, retiresAtMs }) => ({ secret, retiresAtMs })) }
  }
  return refuse(endpointId)
}

function parse(text: string, endpointId: string): Readonly<Partial<Record<keyof StoredEndpoint, unknown>>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own error would carry a piece of the text.
    return refuse(endpointId)
  }
  return typeof value === 'object' && value !== null ? value : refuse(endpointId)
}

function isSecret(value: unknown): value is StoredSecret {
  if (typeof value !== 'object' || value === null) return false
  const { secret, retiresAtMs } = value as Partial<Record<keyof StoredSecret, unknown>> // what any object may hold
  return typeof secret === 'string' && (retiresAtMs === null || Number.isSafeInteger(retiresAtMs))
}

function refuse(endpointId: string): never {
  throw new StorageError(`what is stored of ${endpointId} is no endpoint's configuration`, 'damaged', false)
}
