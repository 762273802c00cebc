// What earlier answers have told of: ids, cursors. A generated value names one by its kind and place, so that a sequence of
// calls shrinks without knowing what was answered.
import fc from 'fast-check'

const kinds = ['ep', 'evt', 'cursor', 'key', 'idempotencyKey'] as const
type Kind = (typeof kinds)[number]

/** How many of a kind can be named: the first, and as many of the last. */
const mentioned = 16

const mention = /^«(ep|evt|cursor|key|idempotencyKey):(\d+)»$/

/** Stands for a cursor where no page had one: left out, the first page is asked for. */
const noCursor = 'cursor_none'

/** A text that stands for a thing of the kind, once there is one. */
export function mentionOf(kind: Kind): fc.Arbitrary<string> {
  return fc.nat(2 * mentioned - 1).map((place) => `«${kind}:${place}»`)
}

export class KnownThings {
  readonly #things: Readonly<Record<Kind, string[]>> = {
    ep: [],
    evt: [],
    cursor: [],
    key: [],
    idempotencyKey: ['a', 'b'],
  }
  readonly #hidden: ReadonlySet<string>

  /** @param hidden is never mentioned */
  constructor(hidden: ReadonlySet<string>) {
    this.#hidden = hidden
  }

  /** Remembers what an answer tells of. */
  learn(value: unknown, name = ''): void {
    if (typeof value === 'object' && value !== null) {
      for (const [inner, part] of Object.entries(value)) this.learn(part, Array.isArray(value) ? name : inner)
    } else if (typeof value === 'string' && !this.#hidden.has(value)) {
      const kind = kindOf(value, name)
      if (kind !== null && !this.#things[kind].includes(value)) this.#things[kind].push(value)
    }
  }

  /** A value in which every mention has become what it stands for. */
  fill(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.fill(item))
    if (typeof value === 'object' && value !== null) {
      const parts = Object.entries(value).map(([name, part]) => [name, this.fill(part)] as const)
      return Object.fromEntries(parts.filter(([, part]) => part !== noCursor))
    }
    return typeof value === 'string' ? this.#fillText(value) : value
  }

  #fillText(text: string): string {
    const [, kind, place] = mention.exec(text) ?? []
    const known = kinds.find((one) => one === kind)
    if (known === undefined) return text
    const things = this.#things[known]
    const from = Number(place) % Math.max(1, things.length)
    return things.at(Number(place) < mentioned ? from : -1 - from) ?? `${known}_none`
  }
}

function kindOf(text: string, name: string): Kind | null {
  if (name === 'nextCursor') return 'cursor'
  if (/^ep_[\w-]+$/.test(text)) return 'ep'
  if (/^evt_[\w-]+$/.test(text)) return 'evt'
  return name === 'id' && /^[0-9a-f]{12}$/.test(text) ? 'key' : null
}
