import { resolve } from 'node:path'
import { InvalidOptionError } from '../errors/errors.ts'
import { describeValue } from '../errors/describe-value.ts'

/**
 * The absolute path of a log's file.
 *
 * @throws InvalidOptionError when it names no file, or not the same one to both drivers: they know names that are no paths
 */
export function readLogPath(path: unknown): string {
  if (typeof path !== 'string' || path === '' || path.includes('\0') || path !== path.trimEnd()) {
    throw new InvalidOptionError(
      `the path of the log must be a string that names a file and does not end in white space, got ${describeValue(path)}`,
      'path',
      path,
    )
  }
  if (path === ':memory:' || path.startsWith('file:')) {
    const instead = path === ':memory:' ? 'leave out `log` to keep it in memory' : 'give the path itself, not a URL'
    throw new InvalidOptionError(
      `the path of the log must be that of a file, got ${describeValue(path)}; ${instead}`,
      'path',
      path,
    )
  }
  return resolve(path)
}
