import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Options } from 'tsup'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

const file = 'dist/THIRD-PARTY-LICENSES.txt'
const rule = `\n${'-'.repeat(80)}\n\n`

/** Packages of which one of the builds carries a copy, by their folders. All builds of a run add to it. */
const carried = new Set<string>()

/** Says that the package is carried although the bundler does not see it: by its folder. */
export function carries(folder: string): void {
  carried.add(folder)
}

/** Writes the licence of every package of which the build carries a copy; the bundler itself says which. */
export const thirdPartyLicenses: Plugin = {
  name: 'third-party-licenses',
  setup(build) {
    build.initialOptions.metafile = true
    build.onEnd(({ metafile }) => {
      for (const input of Object.keys(metafile?.inputs ?? {})) {
        const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0]
        if (folder !== undefined) carried.add(folder)
      }
      mkdirSync('dist', { recursive: true })
      writeFileSync(file, [...carried].sort().map(licenceOf).join(rule))
    })
  },
}

/** For packages that name their licence and carry no text of it. */
const named: ReadonlyMap<string | undefined, string> = new Map([
  ['MIT', 'Its package names the MIT licence, https://opensource.org/license/mit, and has no text of it.'],
])

function licenceOf(folder: string): string {
  // What npm wrote there has both.
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
    license?: string
  }
  const file = readdirSync(folder).find((entry) => /^licen[cs]e([-.]?(md|txt|mit))?$/i.test(entry))
  const text = file === undefined ? named.get(license) : readFileSync(join(folder, file), 'utf8')
  if (text === undefined) throw new Error(`the build carries a copy of ${name}, which does not say under which licence`)
  return `${name} ${version}\n\n${text.trim()}\n`
}
