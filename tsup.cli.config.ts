import { defineConfig } from 'tsup'
import type { Options } from 'tsup'
import { docsFiles } from './tools/build/docs-files.ts'
import { thirdPartyLicenses } from './tools/build/third-party-licenses.ts'

/** The program `hookline`. No library: whatever it needs beside the package's own dependencies is inside it. */
export const cli: Options = {
  entry: { cli: 'src/cli/main.ts' },
  format: 'esm',
  target: 'node20',
  esbuildPlugins: [thirdPartyLicenses, docsFiles('dist/docs')],
  removeNodeProtocol: false,
  // The package's own dependencies and its peers stay outside.
  noExternal: [/^(?!undici$|xstate$|nanoid$|better-sqlite3$|ws$|@statelyai\/inspect$)/],
  // Some of them are CommonJS, and ask for `require`.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
}

export default defineConfig(cli)
