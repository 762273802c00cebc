import { defineConfig } from 'tsup'

/** The viewer's page: one script and one style sheet, with everything they need inside. */
export const page = {
  entry: { viewer: 'src/inspect/page/main.tsx' },
  outDir: 'dist/page',
  format: 'esm' as const,
  platform: 'browser' as const,
  target: ['chrome111', 'firefox115', 'safari16.4'],
  noExternal: [/.*/],
  minify: true,
  dts: false,
  clean: false,
  tsconfig: 'src/inspect/page/tsconfig.json',
}

export default defineConfig(page)
