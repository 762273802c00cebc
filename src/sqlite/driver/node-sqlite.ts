import type { Driver } from './database.ts'
import { type BackUp, type NativeDatabase, wrapDatabase } from './wrapped-database.ts'

/** What is used of `node:sqlite`: of what came after Node 22.13, only what can be done without. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string, options: { readonly readOnly: boolean }) => NativeDatabase
  /** From Node 22.16 on. */
  readonly backup?: (
    database: NativeDatabase,
    target: string,
    options: { readonly rate: number; readonly progress: () => void },
  ) => Promise<unknown>
}

/**
 * The driver that Node has built in from 22.13 on; null where it has none. The Nodes that call it experimental say so once,
 * in a warning of their own when it is loaded: it is theirs to give, and `node --disable-warning=ExperimentalWarning` is
 * the user's way to silence it.
 */
export function loadNodeSqlite(getBuiltin: (name: string) => unknown = getBuiltinModule): Driver | null {
  const module = getBuiltin('node:sqlite')
  if (!isNodeSqlite(module)) return null
  const { DatabaseSync, backup } = module
  const backUp: BackUp<NativeDatabase> | undefined =
    backup && ((native, target, rate, progress) => backup(native, target, { rate, progress }))
  return {
    name: 'node:sqlite',
    open: (path, { readOnly }) =>
      wrapDatabase('node:sqlite', () => new DatabaseSync(path, { readOnly }), readResultCode, backUp),
  }
}

/** An import would fail to load where there is no such module, and Nodes before 20.16 have no such function. */
function getBuiltinModule(name: string): unknown {
  return typeof process.getBuiltinModule === 'function' ? process.getBuiltinModule(name) : undefined
}

function isNodeSqlite(module: unknown): module is NodeSqlite {
  return typeof module === 'object' && module !== null && 'DatabaseSync' in module
}

function readResultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_SQLITE_ERROR') return null
  return 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null
}
