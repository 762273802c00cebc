import type { SigningSecret } from '../signing/secret.ts'
import { version } from '../version.ts'
import type { EndpointSettings } from './endpoint-options.ts'
import type { EndpointUrl } from './endpoint-url.ts'
import { Redaction } from './redaction.ts'

/** One registered endpoint: where to post, how to sign, what was set. */
export class Endpoint {
  readonly id: string
  url: EndpointUrl
  #settings: EndpointSettings
  /** The headers that are the same on every request, names and values in turn. */
  #fixedHeaders: readonly string[]
  #secrets: readonly SigningSecret[]
  /** Until when the second secret signs too, in milliseconds since the Unix epoch. */
  #retiresAt: number | null = null
  /** The secrets to keep out of the log: those that sign, and the one before them also when it signs no more. */
  #confidential: readonly SigningSecret[]
  #redaction: Redaction

  constructor(id: string, url: EndpointUrl, secret: SigningSecret, settings: EndpointSettings) {
    this.id = id
    this.url = url
    this.#secrets = [secret]
    this.#settings = settings
    this.#fixedHeaders = fixedHeaders(settings)
    this.#confidential = this.#secrets
    this.#redaction = new Redaction(this.#confidential, settings.headers)
  }

  get settings(): EndpointSettings {
    return this.#settings
  }

  set settings(settings: EndpointSettings) {
    this.#settings = settings
    this.#fixedHeaders = fixedHeaders(settings)
    this.#redaction = new Redaction(this.#confidential, settings.headers)
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
    if (this.#retiresAt !== null && nowMs >= this.#retiresAt) {
      this.#secrets = this.#secrets.slice(0, 1)
      this.#retiresAt = null
    }
    return this.#secrets
  }

  /** `secret` signs from now on; the one before it signs beside it until `until` (milliseconds since the Unix epoch). */
  rotate(secret: SigningSecret, nowMs: number, until: number): void {
    const previous = this.#secrets.slice(0, 1)
    const overlaps = until > nowMs
    this.#secrets = overlaps ? [secret, ...previous] : [secret]
    this.#retiresAt = overlaps ? until : null
    this.#confidential = [secret, ...previous]
    this.#redaction = new Redaction(this.#confidential, this.#settings.headers)
  }
}

function fixedHeaders(settings: EndpointSettings): readonly string[] {
  return ['Content-Type', 'application/json', 'User-Agent', `hookline/${version}`, ...settings.headers]
}
