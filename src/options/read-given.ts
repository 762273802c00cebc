import { InvalidOptionError } from '../errors/errors.ts'

/**
 * Reads from what the caller gave, whose getters and proxy traps are code of its own. What they throw is not passed on: it
 * may hold anything.
 *
 * @throws InvalidOptionError naming `option` when it cannot be read
 */
export function readGiven<T>(option: string, read: () => T): T {
  try {
    return read()
  } catch {
    return refuseUnreadable(option)
  }
}

export function refuseUnreadable(option: string): never {
  const received = 'an object that cannot be read'
  throw new InvalidOptionError(`${option} must be readable, got ${received}: its own code throws`, option, received)
}
