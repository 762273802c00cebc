import { writingsOf } from '../signing/confidential-text.ts'
import { CoveredText } from '../signing/covered-text.ts'
import type { SigningSecret } from '../signing/secret.ts'

/** `Bearer …`, `Basic …`: an endpoint may give back the credential alone. */
const withScheme = /^[\w-]+ (\S+)$/

/**
 * Keeps an endpoint's secrets and the values of its custom headers out of what is stored of its answers: whoever is called
 * may send back what it was sent.
 */
export class Redaction {
  readonly #secrets: readonly SigningSecret[]
  readonly #headers: readonly string[]
  /** Made when first needed: most endpoints answer without a body. */
  #writings: readonly string[] | null = null

  /** @param headers names and values in turn */
  constructor(secrets: readonly SigningSecret[], headers: readonly string[]) {
    this.#secrets = secrets
    this.#headers = headers
  }

  /** `text`, with a fixed mark in place of each secret and value in it. */
  apply(text: string): string {
    const covered = new CoveredText(text)
    covered.cover((this.#writings ??= writingsOf(this.#values())))
    for (const secret of this.#secrets) secret.coverIn(covered)
    return covered.shown
  }

  #values(): string[] {
    const values = this.#headers.filter((_, index) => index % 2 === 1)
    return [...values, ...values.map((value) => withScheme.exec(value)?.[1] ?? '')]
  }
}
