import type { SigningSecret } from '../signing/secret.ts'
import { version } from '../version.ts'
import type { EndpointSettings } from './endpoint-options.ts'
import type { EndpointUrl } from './endpoint-url.ts'

interface RetiringSecret {
  readonly secret: SigningSecret
  /** Milliseconds since the Unix epoch. */
  readonly until: number
}

/** One registered endpoint: where to post, how to sign, what was set. */
export class Endpoint {
  readonly id: string
  url: EndpointUrl
  #settings: EndpointSettings
  /** The headers that are the same on every request, names and values in turn. */
  #fixedHeaders: readonly string[]
  #secrets: readonly SigningSecret[]
  #retiring: RetiringSecret | null = null

  constructor(id: string, url: EndpointUrl, secret: SigningSecret, settings: EndpointSettings) {
    this.id = id
    this.url = url
    this.#secrets = [secret]
    this.#settings = settings
    this.#fixedHeaders = fixedHeaders(settings)
  }

  get settings(): EndpointSettings {
    return this.#settings
  }

  set settings(settings: EndpointSettings) {
    this.#settings = settings
    this.#fixedHeaders = fixedHeaders(settings)
  }

  get fixedHeaders(): readonly string[] {
    return this.#fixedHeaders
  }

  /** The secrets to sign with: the current one, and during a rotation the one before it. */
  secretsAt(nowMs: number): readonly SigningSecret[] {
    if (this.#retiring !== null && nowMs >= this.#retiring.until) {
      this.#secrets = this.#secrets.slice(0, 1)
      this.#retiring = null
    }
    return this.#secrets
  }

  /** `secret` signs from now on; the one before it signs beside it until `until` (milliseconds since the Unix epoch). */
  rotate(secret: SigningSecret, nowMs: number, until: number): void {
    const previous = this.#secrets[0]
    if (previous === undefined || until <= nowMs) {
      this.#secrets = [secret]
      this.#retiring = null
      return
    }
    this.#secrets = [secret, previous]
    this.#retiring = { secret: previous, until }
  }
}

function fixedHeaders(settings: EndpointSettings): readonly string[] {
  return ['Content-Type', 'application/json', 'User-Agent', `hookline/${version}`, ...settings.headers]
}
