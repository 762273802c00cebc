import type { createInspector } from '@statelyai/inspect'
import { MissingDependencyError } from '../../errors/errors.ts'

/** What is used of `@statelyai/inspect`, an optional peer dependency. */
export interface StatelyPackage {
  readonly createInspector: typeof createInspector
}

/**
 * Loads the official inspector.
 *
 * @param demanded whether it must be there; else null says that it is not
 * @param load how it is imported
 * @throws MissingDependencyError when it is demanded and cannot be loaded
 */
export async function loadStately(
  demanded: boolean,
  load: () => Promise<StatelyPackage> = () => import('@statelyai/inspect'),
): Promise<StatelyPackage | null> {
  try {
    return await load()
  } catch (cause) {
    if (!demanded) return null
    const message =
      'the Stately inspector needs the package @statelyai/inspect, which could not be loaded; ' +
      'install it with `npm install @statelyai/inspect`, or leave out `stately` to have the local viewer alone'
    throw new MissingDependencyError(message, { cause })
  }
}
