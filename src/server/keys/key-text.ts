// The text of a key: `hk_<id>_<secret>`. The secret is 192 bits of chance, so its plain hash can be kept: there is nothing to
// be found by trying, which a slow hash would be for.
import crypto from 'node:crypto'
import type { RandomBytes } from '../../random/random-bytes.ts'

const idBytes = 6
const secretBytes = 24
const keyForm = /^hk_([0-9a-f]{12})_([0-9a-f]{48})$/

export interface KeyParts {
  /** By which the key is looked up. Not secret. */
  readonly id: string
  readonly secret: string
}

export function makeKeyParts(randomBytes: RandomBytes): KeyParts {
  return { id: hex(randomBytes(idBytes)), secret: hex(randomBytes(secretBytes)) }
}

/** Node 20.12 has it; it costs half of what a hash object does, and each request has its key hashed. */
const digestOnce = crypto.hash as typeof crypto.hash | undefined

/** 64 characters. */
export function keyText({ id, secret }: KeyParts): string {
  return `hk_${id}_${secret}`
}

/** Undefined for what is no key's text. */
export function parseKeyText(text: string): KeyParts | undefined {
  const [, id, secret] = keyForm.exec(text) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

/** The id in what a person calls a key: the id alone, with `hk_` before it, or the key itself. Undefined when it is none of them. */
export function keyIdOf(text: string): string | undefined {
  return parseKeyText(text)?.id ?? /^(?:hk_)?([0-9a-f]{12})$/.exec(text)?.[1]
}

/** SHA-256 of a key's secret, in hex. */
export function hashSecret(secret: string): string {
  return digestOnce === undefined
    ? crypto.createHash('sha256').update(secret).digest('hex')
    : digestOnce('sha256', secret, 'hex')
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
