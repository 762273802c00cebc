import { createHmac, sign, type BinaryToTextEncoding, type KeyObject } from 'node:crypto'
import { writingsOf } from './confidential-text.ts'
import type { CoveredText } from './covered-text.ts'
import { readKeyMaterial, type KeyMaterial } from './key-material.ts'

const shownAs = '[secret]'

/** An endpoint's secret, ready to sign. It is not read back by chance: printed, logged or serialised it is `[secret]`. */
export class SigningSecret {
  readonly #textKey: KeyObject
  readonly #standardKey: KeyObject
  readonly #isEd25519: boolean
  /** Made when first needed. */
  #writings: readonly string[] | null = null

  constructor(material: KeyMaterial) {
    this.#textKey = material.textKey
    this.#standardKey = material.standardKey
    this.#isEd25519 = material.standardKey.type === 'private'
  }

  /** HMAC-SHA256 of a text's UTF-8 bytes, keyed with the secret as it was given. */
  hmac(text: string, encoding: BinaryToTextEncoding): string {
    return createHmac('sha256', this.#textKey).update(text).digest(encoding)
  }

  /** One entry of `webhook-signature` over `content`: `v1,…` or, for an ed25519 key, `v1a,…`. */
  standardEntry(content: string): string {
    if (this.#isEd25519) return `v1a,${sign(null, Buffer.from(content), this.#standardKey).toString('base64')}`
    return `v1,${createHmac('sha256', this.#standardKey).update(content).digest('base64')}`
  }

  /** Covers this secret in `text`, with or without its prefix. */
  coverIn(text: CoveredText): void {
    text.cover((this.#writings ??= this.#readWritings()))
  }

  /** The secret as it was given. Only for the home that keeps it, and to compare it with another. */
  reveal(): string {
    return this.#textKey.export().toString('utf8')
  }

  #readWritings(): readonly string[] {
    const secret = this.reveal()
    return writingsOf([secret, secret.replace(/^wh(?:sec|sk)_/, '')])
  }

  toString(): string {
    return shownAs
  }

  toJSON(): string {
    return shownAs
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return shownAs
  }
}

/**
 * Prepares a secret for signing: any text of 1 to 1024 characters, `whsec_…` or `whsk_…`.
 *
 * @param where the call, as its caller wrote it (`registerEndpoint`); opens the error message
 * @throws InvalidSecretError which tells the secret's type and length, never the secret
 */
export function parseSecret(secret: unknown, where: string): SigningSecret {
  return new SigningSecret(readKeyMaterial(secret, where))
}
