// Packs hookline, installs the tarball as a user would, and runs scripts/smoke.mjs there under every Node promised in
// package.json.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { installNode } from './node-release.ts'

/** The oldest promised release exactly, then the newest of each later line. */
const versions = ['18.17.0', '20', '22', '24']

/** A service that keeps the process alive after its shutdown is a failure too. */
const smokeTimeoutMs = 60_000

const root = mkdtempSync(join(tmpdir(), 'hookline-runtimes-'))
try {
  run('npm', ['pack', '--silent', '--pack-destination', root], process.cwd())
  const user = emptyProject('user')
  run('npm', ['install', '--silent', ...tarballs()], user)
  copyFileSync(resolve('scripts/smoke.mjs'), join(user, 'smoke.mjs'))
  const failed = versions.filter((version) => !passes(version, user))
  if (failed.length > 0) {
    console.error(`Failed under Node ${failed.join(', ')}`)
    process.exitCode = 1
  }
} finally {
  rmSync(root, { recursive: true, force: true })
}

function passes(version: string, user: string): boolean {
  try {
    const node = installNode(version, join(root, `node-${version}`))
    run(node, ['smoke.mjs'], user, smokeTimeoutMs)
    return true
  } catch (error) {
    console.error(`Node ${version}: ${String(error)}`)
    return false
  }
}

function emptyProject(name: string): string {
  const folder = join(root, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  return folder
}

function tarballs(): string[] {
  return readdirSync(root)
    .filter((file) => file.endsWith('.tgz'))
    .map((file) => join(root, file))
}

function run(command: string, args: string[], cwd: string, timeout?: number): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], timeout, killSignal: 'SIGKILL' })
}
