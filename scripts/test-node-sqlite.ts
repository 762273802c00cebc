// Runs the tests of the SQLite log under a Node that has SQLite built in, and takes its power: under the Node that develops
// hookline all that is done over better-sqlite3 alone.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installNode } from './node-release.ts'

const folders = ['test/sqlite', 'test/conformance', 'test/window'].filter((folder) => existsSync(folder))

const root = mkdtempSync(join(tmpdir(), 'hookline-node-sqlite-'))
try {
  const node = installNode('24', join(root, 'node-24'))
  execFileSync(node, ['node_modules/vitest/vitest.mjs', 'run', ...folders, ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  execFileSync(node, ['--import', 'tsx', 'test/torture/index.ts', '--only', 'power', '--driver', 'node:sqlite'], {
    stdio: 'inherit',
  })
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
} finally {
  rmSync(root, { recursive: true, force: true })
}
