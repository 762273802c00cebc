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

function licenceOf(folder: string): string {
  // What npm wrote there has both.
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
  }
  const text = readdirSync(folder).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry))
  if (text === undefined) throw new Error(`the build carries a copy of ${name}, which has no licence file`)
  return `${name} ${version}\n\n${readFileSync(join(folder, text), 'utf8').trim()}\n`
}
