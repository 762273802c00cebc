import { defineConfig } from 'tsup'
import type { Options } from 'tsup'
import { pageCharts } from './tools/build/page-charts.ts'
import { thirdPartyLicenses } from './tools/build/third-party-licenses.ts'

/** The viewer's page: one script and one style sheet, with everything they need inside. */
export const page: Options = {
  entry: { viewer: 'src/inspect/page/main.tsx' },
  outDir: 'dist/page',
  format: 'esm',
  platform: 'browser',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  noExternal: [/.*/],
  minify: true,
  esbuildPlugins: [thirdPartyLicenses, pageCharts('dist/page')],
  dts: false,
  clean: false,
  tsconfig: 'src/inspect/page/tsconfig.json',
}

export default defineConfig(page)
