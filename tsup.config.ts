import { defineConfig, type Options } from 'tsup'
import { docsFiles } from './tools/build/docs-files.ts'
import { thirdPartyLicenses } from './tools/build/third-party-licenses.ts'
import { cli } from './tsup.cli.config.ts'
import { page } from './tsup.page.config.ts'

const shared: Options = {
  entry: {
    index: 'src/index.ts',
    verify: 'src/verify/index.ts',
    machines: 'machines/index.ts',
    testing: 'src/testing/index.ts',
    inspect: 'src/inspect/index.ts',
    sqlite: 'src/sqlite/index.ts',
    server: 'src/server/index.ts',
  },
  target: 'node18.17',
  esbuildPlugins: [thirdPartyLicenses],
  // What two entries share stands in one chunk, in CommonJS too: two copies of an error class would break `instanceof`.
  splitting: true,
  // `node:` names stay as written: the bare ones can be shadowed by a package.
  removeNodeProtocol: false,
  // tsup sets `baseUrl` for its declaration build, which TypeScript 6 reports as deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
}

/** The package's modules. */
export const library: Options = {
  ...shared,
  format: 'esm',
  esbuildPlugins: [thirdPartyLicenses, docsFiles('dist/docs')],
}

export default defineConfig([
  library,
  page,
  cli,
  {
    ...shared,
    format: 'cjs',
    // They have no CommonJS form and older Nodes cannot require a module, so the CommonJS build carries what it uses of them.
    noExternal: ['nanoid', 'typebox'],
    // `import.meta.url`, by which the viewer finds its page.
    shims: true,
    // Without it tsup converts split chunks with a compiler that turns every `?.` and `??` into calls of closures.
    treeshake: true,
  },
])
