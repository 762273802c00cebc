import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Options } from 'tsup'
import { carries } from './third-party-licenses.ts'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

const source = 'node_modules/swagger-ui-dist'
const files = ['swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt', 'swagger-ui.css']

/** Puts the files of the documentation's page beside the build, so that the page needs no network. */
export function docsFiles(folder: string): Plugin {
  return {
    name: 'docs-files',
    setup(build) {
      carries(source)
      build.onEnd(() => {
        mkdirSync(folder, { recursive: true })
        for (const file of files) copyFileSync(join(source, file), join(folder, file))
      })
    },
  }
}
