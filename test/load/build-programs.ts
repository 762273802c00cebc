import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'tsup'
import { docsFiles } from '../../tools/build/docs-files.ts'
import { cli } from '../../tsup.cli.config.ts'

export interface Programs {
  /** The command line, as it is shipped. */
  readonly cli: string
  readonly receiver: string
  readonly submitter: string
}

const root = resolve(import.meta.dirname, '../..')

/** Builds them into `folder` with the settings of the package's own program. */
export async function buildPrograms(folder: string): Promise<Programs> {
  await build({
    ...cli,
    entry: {
      cli: join(root, 'src/cli/main.ts'),
      receiver: join(root, 'test/load/receiver/program.ts'),
      submitter: join(root, 'test/load/submitter/program.ts'),
    },
    outDir: folder,
    outExtension: () => ({ js: '.mjs' }),
    clean: false,
    silent: true,
    config: false,
    esbuildPlugins: [docsFiles(join(folder, 'docs'))],
  })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return {
    cli: join(folder, 'cli.mjs'),
    receiver: join(folder, 'receiver.mjs'),
    submitter: join(folder, 'submitter.mjs'),
  }
}
