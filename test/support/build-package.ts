// Builds, once and before the tests, what they run as its users have it: the viewer's page, the program, and the package. A process
// that starts from the sources spends ten times as long on translating them as a built one on all of its start.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'tsup'
import type { Options } from 'tsup'
import type { TestProject } from 'vitest/node'
import { docsFiles } from '../../tools/build/docs-files.ts'
import { cli } from '../../tsup.cli.config.ts'
import { library } from '../../tsup.config.ts'
import { page } from '../../tsup.page.config.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder that holds the program, `cli.mjs`, and the package's modules: `index.mjs`, `sqlite.mjs`, … */
    builtPackage: string
  }
}

const root = resolve(import.meta.dirname, '../..')

export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-built-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  symlinkSync(join(root, 'dist/page'), join(folder, 'page'))
  await buildInto(folder)
  project.onTestsRerun(() => buildInto(folder))
  project.provide('builtPackage', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}

async function buildInto(outDir: string): Promise<void> {
  const quiet = { config: false, silent: true } as const
  const here: Options = { outDir, outExtension: () => ({ js: '.mjs' }), clean: false, dts: false, ...quiet }
  await Promise.all([
    // A run from the sources, as the tests of the viewer are, finds it here.
    build({ ...page, ...quiet }),
    build({ ...cli, ...here, esbuildPlugins: [docsFiles(join(outDir, 'docs'))] }),
    build({ ...library, ...here, esbuildPlugins: [] }),
  ])
}
