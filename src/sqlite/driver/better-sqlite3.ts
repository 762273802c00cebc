import { createRequire } from 'node:module'
import type { Database as BetterDatabase, Options } from 'better-sqlite3'
import type { Driver } from './database.ts'
import { resultCodes } from './result-codes.ts'
import { type NativeDatabase, wrapDatabase } from './wrapped-database.ts'

/** What is used of `better-sqlite3`, an optional peer dependency. */
type BetterSqlite3 = new (path: string, options?: Options) => NativeDatabase & Pick<BetterDatabase, 'backup'>

/**
 * Loads the driver of the package, and proves that its binary was built and fits this Node: the package loads without.
 *
 * @throws whatever says that it cannot be loaded
 */
export function loadBetterSqlite3(load: (name: string) => unknown = createRequire(import.meta.url)): Driver {
  // A cast because `require` may return anything; that it opens a database is proven next.
  const Native = load('better-sqlite3') as BetterSqlite3
  new Native(':memory:').close()
  return {
    name: 'better-sqlite3',
    open: (path, { readOnly }) =>
      wrapDatabase(
        'better-sqlite3',
        () => new Native(path, { readonly: readOnly, fileMustExist: readOnly }),
        readResultCode,
        (native, target, pages, onStep) => {
          const progress = (): number => {
            onStep()
            return pages
          }
          return native.backup(target, { progress })
        },
      ),
  }
}

const codesByName: ReadonlyMap<string, number> = new Map(Object.entries(resultCodes))
/** What the package calls a code that is newer than itself. */
const unnamedCode = /^UNKNOWN_SQLITE_ERROR_(\d+)$/

function readResultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  const named = codesByName.get(error.code)
  if (named !== undefined) return named
  const number = unnamedCode.exec(error.code)?.[1]
  return number === undefined ? null : Number(number)
}
