// What the home of the log keeps of the endpoints, so that they come back. A home that keeps none is passed over.
import type { Clock } from '../clock/clock.ts'
import { isoTime } from '../clock/iso-time.ts'
import { StorageError } from '../errors/errors.ts'
import { HooklineError } from '../errors/hookline-error.ts'
import type { StoredEndpoint, StoredEndpoints, StoredSecret } from '../log/stored-endpoints.ts'
import { parseSecret } from '../signing/secret.ts'
import type { SigningSecret } from '../signing/secret.ts'
import { Endpoint } from './endpoint.ts'
import type { EndpointSecrets } from './endpoint.ts'
import type { EndpointOptionsContext, EndpointSettings } from './endpoint-options.ts'
import type { EndpointUrl } from './endpoint-url.ts'
import { parseEndpointUrl } from './endpoint-url.ts'
import { readStoredSettings, writeStoredSettings } from './stored-settings.ts'

/** An endpoint as it is to be kept. */
export interface Configuration {
  readonly url: EndpointUrl
  readonly secrets: EndpointSecrets
  readonly settings: EndpointSettings
}

export class KeptEndpoints {
  readonly #stored: StoredEndpoints | null
  readonly #clock: Clock

  constructor(stored: StoredEndpoints | undefined, clock: Clock) {
    this.#stored = stored ?? null
    this.#clock = clock
  }

  /** Throws what the log throws; nothing is kept then. */
  put(endpointId: string, { url, secrets, settings }: Configuration): void {
    if (this.#stored === null) return
    const stored = {
      endpointId,
      url: url.href,
      settings: writeStoredSettings(settings),
      secrets: storedSecrets(secrets),
    }
    this.#stored.put(stored, isoTime(this.#clock.now()))
  }

  /** Throws what the log throws; it is still kept then. */
  remove(endpointId: string): void {
    this.#stored?.remove(endpointId, isoTime(this.#clock.now()))
  }

  /**
   * Every endpoint that is kept, in the order of registration. One that cannot be read is told to `leftOut`, and the others
   * are read all the same.
   *
   * @throws StorageError when the home cannot be read
   */
  read(context: EndpointOptionsContext, leftOut: (endpointId: string, error: unknown) => void): Endpoint[] {
    const endpoints: Endpoint[] = []
    for (const stored of this.#stored?.all() ?? []) {
      try {
        endpoints.push(readEndpoint(stored, context))
      } catch (error) {
        leftOut(stored.endpointId, error)
      }
    }
    return endpoints
  }
}

/** Where it may be called is judged at every attempt, by the policy that is in force then. */
function readEndpoint(
  { endpointId, url, settings, secrets }: StoredEndpoint,
  context: EndpointOptionsContext,
): Endpoint {
  const readSettings = readStoredSettings(settings, endpointId, context)
  try {
    return new Endpoint(endpointId, parseEndpointUrl(url, { httpsOnly: false }), readSecrets(secrets), readSettings)
  } catch (error) {
    const what = error instanceof HooklineError ? error.message : 'it cannot be read'
    throw new StorageError(`the stored configuration of ${endpointId} is not taken: ${what}`, 'damaged', false)
  }
}

function storedSecrets({ current, former }: EndpointSecrets): readonly StoredSecret[] {
  const stored: StoredSecret[] = [{ secret: current.reveal(), retiresAtMs: null }]
  if (former !== null) stored.push({ secret: former.secret.reveal(), retiresAtMs: former.untilMs })
  return stored
}

function readSecrets([current, former]: readonly StoredSecret[]): EndpointSecrets {
  const read = ({ secret }: StoredSecret): SigningSecret => parseSecret(secret, 'a stored endpoint')
  if (current === undefined) throw new StorageError('it has no secret', 'damaged', false)
  if (former === undefined) return { current: read(current), former: null }
  return { current: read(current), former: { secret: read(former), untilMs: former.retiresAtMs ?? 0 } }
}
