import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { LogHome } from '../../src/log/log-home.ts'
import type { DriverName } from '../../src/sqlite/driver/database.ts'
import { sqliteLog } from '../../src/sqlite/sqlite-log.ts'
import type { LogFactory } from '../../src/testing/index.ts'

/** Homes in SQLite files, each in a folder of its own. */
export function sqliteLogFactory(driver: DriverName): LogFactory {
  const paths = new WeakMap<LogHome, string>()
  const open = (path: string): LogHome => {
    const home = sqliteLog(path, { driver })
    paths.set(home, path)
    return home
  }
  const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'hookline-conformance-')), 'hooks.db')
  const dispose = async (home: LogHome): Promise<void> => {
    await home.close?.()
    rmSync(dirname(paths.get(home)!), { recursive: true })
  }
  return {
    open: () => open(newPath()),
    async reopen(home) {
      await home.close?.()
      return open(paths.get(home)!)
    },
    async crash(home) {
      const path = newPath()
      // Before anything else: what the file and its -wal hold now is what a process killed now leaves.
      for (const end of ['', '-wal']) copyFileSync(paths.get(home)! + end, path + end)
      await dispose(home)
      return open(path)
    },
    dispose,
  }
}
