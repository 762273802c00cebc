import type { LogHome } from '../../log/log-home.ts'
import type { CheckedFactory, LogFactory, OptionalMember } from './log-factory.ts'

/** The homes that one case opens, and leaves. */
export class Homes {
  readonly #factory: LogFactory
  readonly #skip: CheckedFactory['skip']
  readonly #open = new Set<LogHome>()

  constructor({ factory, skip }: CheckedFactory) {
    this.#factory = factory
    this.#skip = skip
  }

  /** Whether they are said to have this. */
  have(member: OptionalMember | 'reopen'): boolean {
    return !this.#skip.has(member)
  }

  async open(): Promise<LogHome> {
    return this.#opened(await this.#factory.open())
  }

  /** Another home in the place of this one, which is ended in good order. */
  async reopen(home: LogHome): Promise<LogHome> {
    return this.#again(home, 'reopen')
  }

  /** Another home in the place of this one, which ends with its process. */
  async crash(home: LogHome): Promise<LogHome> {
    return this.#again(home, 'crash')
  }

  async disposeAll(): Promise<void> {
    for (const home of this.#open) {
      this.#open.delete(home)
      if (this.#factory.dispose === undefined) await home.close?.()
      else await this.#factory.dispose(home)
    }
  }

  async #again(home: LogHome, how: 'reopen' | 'crash'): Promise<LogHome> {
    this.#open.delete(home)
    const again = await this.#factory[how]?.(home)
    // A rule that needs what the factory does not have is skipped.
    if (again === undefined) throw new Error(`the factory has no method "${how}", or it gave no home`)
    return this.#opened(again)
  }

  #opened(home: LogHome): LogHome {
    this.#open.add(home)
    return home
  }
}
