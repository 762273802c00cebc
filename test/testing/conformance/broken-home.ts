// How a home is made that breaks one rule and keeps all others: over the model, some of its members replaced.
import type { LogHome } from '../../../src/log/log-home.ts'
import type { StoredEvents } from '../../../src/log/stored-events.ts'
import type { LogFactory } from '../../../src/testing/index.ts'
import { ModelLog, type ModelPlace } from '../../support/model-log.ts'

/** A rule, what is wrong, and homes of which it is wrong. */
export type BrokenHome = readonly [rule: string, what: string, factory: LogFactory]

/** The members of a home, or of a part of one, some of them replaced. */
export function withBroken<T extends object>(whole: T, broken: Partial<T>): T {
  return new Proxy(whole, {
    get(target, name) {
      const value: unknown = Reflect.get(name in broken ? broken : target, name)
      // The target's own methods read its private fields.
      return typeof value === 'function' ? (value.bind(name in broken ? broken : target) as unknown) : value
    },
  })
}

/** Homes over the model, each broken by `breaks`; `again` opens the place of one anew. */
export function broken(
  breaks: (home: ModelLog) => Partial<LogHome>,
  again: (place: ModelPlace) => ModelPlace = (place) => place,
): LogFactory {
  const models = new WeakMap<LogHome, ModelLog>()
  const wrap = (model: ModelLog): LogHome => {
    const home = withBroken<LogHome>(model, breaks(model))
    models.set(home, model)
    return home
  }
  const ended = async (home: LogHome, end: (model: ModelLog) => unknown): Promise<LogHome> => {
    const model = models.get(home)!
    await end(model)
    return wrap(new ModelLog(again(model.place)))
  }
  return {
    open: () => wrap(new ModelLog()),
    reopen: (home) => ended(home, (model) => model.close()),
    crash: (home) => ended(home, (model) => model.die()),
  }
}

export function brokenEvents(breaks: (events: StoredEvents, home: ModelLog) => Partial<StoredEvents>): LogFactory {
  return broken((home) => ({ storedEvents: withBroken(home.storedEvents, breaks(home.storedEvents, home)) }))
}

export function reversed<T>(items: readonly T[]): readonly T[] {
  return [...items].reverse()
}
