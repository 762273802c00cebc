import type { SigningSecret } from '../signing/secret.ts'
import { version } from '../version.ts'
import type { EndpointSettings } from './endpoint-options.ts'
import type { EndpointUrl } from './endpoint-url.ts'
import { Redaction } from './redaction.ts'

/** The secret that signs, and the one before it. */
export interface EndpointSecrets {
  readonly current: SigningSecret
  /** It signs too until `untilMs` (milliseconds since the Unix epoch), and is kept out of the log for as long as it is known. */
  readonly former: { readonly secret: SigningSecret; readonly untilMs: number } | null
}

/** One registered endpoint: where to post, how to sign, what was set. */
export class Endpoint {
  readonly id: string
  url: EndpointUrl
  #settings: EndpointSettings
  /** The headers that are the same on every request, names and values in turn. */
  #fixedHeaders: readonly string[]
  #secrets: EndpointSecrets
  /** Those that sign. */
  #signing: readonly SigningSecret[]
  #redaction: Redaction

  constructor(id: string, url: EndpointUrl, secrets: EndpointSecrets, settings: EndpointSettings) {
    this.id = id
    this.url = url
    this.#secrets = secrets
    this.#signing = inTurn(secrets)
    this.#settings = settings
    this.#fixedHeaders = fixedHeaders(settings)
    this.#redaction = new Redaction(inTurn(secrets), settings.headers)
  }

  get settings(): EndpointSettings {
    return this.#settings
  }

  set settings(settings: EndpointSettings) {
    this.#settings = settings
    this.#fixedHeaders = fixedHeaders(settings)
    this.#redaction = new Redaction(inTurn(this.#secrets), settings.headers)
  }

  get secrets(): EndpointSecrets {
    return this.#secrets
  }

  set secrets(secrets: EndpointSecrets) {
    this.#secrets = secrets
    this.#signing = inTurn(secrets)
    this.#redaction = new Redaction(inTurn(secrets), this.#settings.headers)
  }

  /** What to keep out of the record of an attempt that starts now. */
  get redaction(): Redaction {
    return this.#redaction
  }

  get fixedHeaders(): readonly string[] {
    return this.#fixedHeaders
  }

  /** The secrets to sign with: the current one, and during a rotation the one before it. */
  secretsAt(nowMs: number): readonly SigningSecret[] {
    const { current, former } = this.#secrets
    if (former !== null && nowMs >= former.untilMs && this.#signing.length > 1) this.#signing = [current]
    return this.#signing
  }
}

function inTurn({ current, former }: EndpointSecrets): readonly SigningSecret[] {
  return former === null ? [current] : [current, former.secret]
}

function fixedHeaders(settings: EndpointSettings): readonly string[] {
  return ['Content-Type', 'application/json', 'User-Agent', `hookline/${version}`, ...settings.headers]
}
