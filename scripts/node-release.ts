import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Installs a release of Node into a folder of its own, and returns the path of its program. It comes from the npm registry,
 * which has one package per platform.
 *
 * @param version an exact one, or a line: its newest
 */
export function installNode(version: string, folder: string): string {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const platform = `node-${process.platform}-${process.arch}`
  execFileSync('npm', ['install', '--silent', `${platform}@${version}`], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return join(folder, 'node_modules', platform, 'bin', 'node')
}
