// `npm start`: `hookline serve` as built, in this process. When the sources are newer than what was built last, it is built
// first: run from its sources, the program would spend longer on translating them than on starting.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const built = join(root, 'dist/cli.js')
const sources = ['src', 'machines', 'package.json', 'package-lock.json', 'tsup.cli.config.ts']

if (newestMs(sources.map((name) => join(root, name))) > changedMs(built)) {
  process.stderr.write('hookline: the sources are newer than the build; building first\n')
  const tsup = join(root, 'node_modules/tsup/dist/cli-default.js')
  const { status, signal } = spawnSync(process.execPath, [tsup, '--config', 'tsup.cli.config.ts', '--silent'], {
    cwd: root,
    // The standard output is the log of the service.
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) {
    process.stderr.write(`hookline: the build failed (${signal ?? `exit code ${status}`})\n`)
    process.exit(1)
  }
}
process.argv.splice(1, 1, built, 'serve')
await import(built)

/** The last change of any of them, and of what is in those that are folders: a file that was removed changes its folder. */
function newestMs(paths) {
  return Math.max(
    ...paths.map((path) => {
      const stats = statSync(path)
      if (!stats.isDirectory()) return stats.mtimeMs
      return Math.max(stats.mtimeMs, newestMs(readdirSync(path).map((name) => join(path, name))))
    }),
  )
}

/** 0 for one that there is not. */
function changedMs(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
