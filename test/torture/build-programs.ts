import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

export interface Programs {
  readonly service: string
  readonly receivers: string
  readonly keys: string
}

const here = fileURLToPath(new URL('.', import.meta.url))
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url))

/** Builds the programs of the other processes into `folder`, once, so that a start takes no compiling. */
export async function buildPrograms(folder: string): Promise<Programs> {
  await build({
    config: false,
    silent: true,
    entry: {
      service: join(here, 'service/program.ts'),
      receivers: join(here, 'receivers/program.ts'),
      keys: join(here, 'power/key-program.ts'),
    },
    outDir: folder,
    format: 'esm',
    target: 'node20',
    splitting: false,
    removeNodeProtocol: false,
    // All in one file, which loads faster; only what is native stays outside.
    noExternal: [/.*/],
    external: ['better-sqlite3'],
    outExtension: () => ({ js: '.mjs' }),
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
  })
  symlinkSync(modules, join(folder, 'node_modules'))
  const built = (name: keyof Programs): string => join(folder, `${name}.mjs`)
  return { service: built('service'), receivers: built('receivers'), keys: built('keys') }
}
