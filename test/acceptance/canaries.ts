// Secrets and header values that can be told from anything else, and where to look for them.
import { inspect } from 'node:util'

const whsecKey = 'CANARY:whsec+key/with?32=bytes!!'
const whskSeed = 'CANARY:ed25519+seed/of#32~bytes!'
export const plain = 'CANARY "plain" secret/ü+%'
export const whsec = `whsec_${Buffer.from(whsecKey).toString('base64')}`
export const whsk = `whsk_${Buffer.from(whskSeed).toString('base64')}`
export const before = 'CANARY-before-the-rotation'
export const headers = {
  Authorization: 'Bearer CANARY/token"+=',
  'X-Api-Key': 'CANARY\\api\tkey',
  Accept: 'CANARY-accept',
}
export const secrets = [plain, whsec, whsk, before]

/** Everything that must be nowhere, in every writing it could be in. */
const needles = [...secrets, whsecKey, whskSeed, ...Object.values(headers)].flatMap((text) => {
  const bytes = Buffer.from(text)
  const encoded = (['base64', 'base64url', 'hex'] as const).map((encoding) => bytes.toString(encoding))
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), ...encoded]
})
needles.push('CANARY', encodeURIComponent('CANARY:'), ...secrets.map((secret) => secret.replace(/^whs(?:ec|k)_/, '')))

/** All that was ever shown, as text: printed, serialised, and, of an error, each of its parts. */
export class Sink {
  text = ''
  private inspected = 0

  readonly take = (value: unknown): void => {
    this.text += `${inspect(value, { depth: Infinity, showHidden: true, maxStringLength: null })}\n`
    if (value instanceof Error) {
      this.text += `${value.message}\n${String(value.stack)}\n`
      this.take(Object.entries(value))
      if (value.cause !== undefined) this.take(value.cause)
      return
    }
    this.text += `${JSON.stringify(value) ?? ''}\n`
  }

  /** An inspection event holds a whole system of actors: printing one takes as long as a delivery, so few are. */
  readonly takeInspection = (event: unknown): void => {
    this.text += `${JSON.stringify(event)}\n`
    this.inspected += 1
    if (this.inspected % 100 === 0) this.text += inspect(event, { depth: 4, showHidden: true })
  }

  /** What was found that must not be, with what stands around it. */
  found(): string[] {
    const found = needles.filter((needle) => this.text.includes(needle))
    return found.map((needle) => this.text.slice(Math.max(0, this.text.indexOf(needle) - 300)).slice(0, 400))
  }
}
