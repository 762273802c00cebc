import type { LogHome } from '../../../src/index.ts'
import type { Mutant } from '../mutant.ts'
import type { KillSwitch } from './kill-switch.ts'

/** The same home, with the places passed at which the process may be killed. */
export function watchLog(log: LogHome, kill: KillSwitch, mutant: Mutant | null): LogHome {
  const append = <T>(drafts: readonly { readonly from: string | null }[], store: () => T): T => {
    const kind = drafts[0]?.from === null ? 'submission' : 'step'
    kill.pass(`${kind}: before it is appended`)
    const stored = store()
    kill.pass(`${kind}: appended, not committed`)
    return stored
  }
  const watched: Partial<LogHome> = {
    append: (draft) => append([draft], () => log.append(draft)),
    appendAll: (drafts) => append(drafts, () => log.appendAll(drafts)),
    appendEndpoint: (draft) => append([draft], () => log.appendEndpoint(draft)),
    ...watchActs(log, kill, mutant),
    ...watchEndpoints(log, kill),
  }
  return new Proxy(log, {
    get(target, name) {
      if (name in watched) return Reflect.get(watched, name) as unknown
      const value = Reflect.get(target, name, target) as unknown
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

function watchActs(log: LogHome, kill: KillSwitch, mutant: Mutant | null): Partial<LogHome> {
  if (log.afterCommit === undefined) return {}
  const afterCommit = log.afterCommit.bind(log)
  if (mutant === 'sends before the start is committed') {
    return { afterCommit: (act) => queueMicrotask(() => act(null)) }
  }
  return {
    afterCommit: (act) =>
      afterCommit((error) => {
        kill.pass('group: before an act')
        act(error)
        kill.pass('group: after an act')
      }),
  }
}

function watchEndpoints(log: LogHome, kill: KillSwitch): Partial<LogHome> {
  const endpoints = log.storedEndpoints
  if (endpoints === undefined) return {}
  return {
    storedEndpoints: {
      all: () => endpoints.all(),
      put: (endpoint, at) => {
        endpoints.put(endpoint, at)
        kill.pass('endpoint: put, not committed')
      },
      remove: (endpointId, at) => endpoints.remove(endpointId, at),
    },
  }
}
