/** `dns.lookup`, as far as it is used here. */
export type SystemLookup = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: Error | null, addresses: readonly { readonly address: string }[]) => void,
) => void

type Found = (error: Error | null, addresses: readonly string[]) => void

interface Question {
  readonly hostname: string
  readonly callback: Found
}

/** Node has four threads for this, for files and for cryptography: half of them are left to others. */
const mostAtOnce = 2

/**
 * Looks names up as the system does it, with its hosts file and search domains, two at a time; the others wait in line.
 *
 * Once begun, such a look-up cannot be cancelled: it keeps its thread, its place here and the process until the system
 * has given up.
 */
export class SystemNames {
  private readonly lookup: SystemLookup
  private readonly waiting = new Set<Question>()
  private running = 0

  constructor(lookup: SystemLookup) {
    this.lookup = lookup
  }

  /** Calls back once, later. The function it returns leaves the line; an answer that comes all the same is to be ignored. */
  find(hostname: string, callback: Found): () => void {
    const question: Question = { hostname, callback }
    this.waiting.add(question)
    this.begin()
    return () => this.waiting.delete(question)
  }

  private begin(): void {
    for (const question of this.waiting) {
      if (this.running === mostAtOnce) return
      this.waiting.delete(question)
      this.running++
      this.lookup(question.hostname, { all: true }, (error, found) => {
        this.running--
        // On an error Node gives no addresses at all.
        question.callback(error, error === null ? found.map(({ address }) => address) : [])
        this.begin()
      })
    }
  }
}
