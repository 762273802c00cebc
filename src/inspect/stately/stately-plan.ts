import { readStatelyOptions } from './stately-options.ts'
import type { StatelySettings } from './stately-options.ts'
import { loadStately } from './stately-package.ts'
import type { StatelyPackage } from './stately-package.ts'
import { loadSockets } from './web-socket.ts'
import type { SocketPackage } from './web-socket.ts'

/** That the Stately inspector is to be fed, and how. */
export interface StatelyPlan {
  readonly official: StatelyPackage
  readonly sockets: SocketPackage | null
  readonly settings: StatelySettings
}

/**
 * @param value what the caller gave for `stately`: whether it is demanded or left out, or its options, which demand it
 * @param load how the official package is imported
 * @returns null when it is left out, or when it is not demanded and the package is not installed
 * @throws InvalidOptionError, MissingDependencyError
 */
export async function planStately(value: unknown, load?: () => Promise<StatelyPackage>): Promise<StatelyPlan | null> {
  if (value === false) return null
  const isDemanded = value !== undefined
  const settings = readStatelyOptions(value === true ? undefined : value, 'stately')
  const official = await loadStately(isDemanded, load)
  return official === null ? null : { official, sockets: await loadSockets(), settings }
}
