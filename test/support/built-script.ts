// A TypeScript program as one module that Node starts by itself. Translating it at each start costs ten times as much.
import { basename, join } from 'node:path'
import { build } from 'tsup'
import { inject } from 'vitest'
import { docsFiles } from '../../tools/build/docs-files.ts'

const built = new Map<string, Promise<string>>()

/** The path of the module, built once for each file of tests. */
export function builtScript(file: string): Promise<string> {
  let path = built.get(file)
  if (path === undefined) built.set(file, (path = buildScript(file)))
  return path
}

async function buildScript(file: string): Promise<string> {
  const name = basename(file, '.ts')
  // Beside the built package, where modules of others are found. No two files of tests share it.
  const outDir = join(inject('builtPackage'), `script-${process.pid}`)
  await build({
    entry: { [name]: file },
    outDir,
    format: 'esm',
    outExtension: () => ({ js: '.mjs' }),
    target: 'node20',
    removeNodeProtocol: false,
    dts: false,
    esbuildPlugins: [docsFiles(join(outDir, 'docs'))],
    clean: false,
    config: false,
    silent: true,
  })
  return join(outDir, `${name}.mjs`)
}
