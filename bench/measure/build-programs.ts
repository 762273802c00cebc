import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'tsup'
import packageBuilds from '../../tsup.config.ts'
import type { ChildProcesses } from './child-processes.ts'

/** The programs the bench runs in processes of their own. */
export interface Programs {
  readonly contestant: string
  readonly receiver: string
  readonly notingReceiver: string
  /** The command line. */
  readonly cli: string
  readonly notePeakMemory: string
}

const root = resolve(import.meta.dirname, '../..')

/** Builds them with the settings of the package, so that what is measured is the code that is shipped. */
export async function buildPrograms(processes: ChildProcesses): Promise<Programs> {
  const folder = processes.folder()
  // The programs' own imports (undici, xstate, bullmq) are found from where they lie.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const [esm] = [packageBuilds].flat()
  await build({
    ...(typeof esm === 'object' ? esm : {}),
    entry: {
      contestant: join(root, 'bench/contestants/program.ts'),
      receiver: join(root, 'bench/receivers/node-receiver-program.ts'),
      'noting-receiver': join(root, 'bench/receivers/noting-receiver-program.ts'),
      cli: join(root, 'src/cli/main.ts'),
      'note-peak-memory': join(root, 'bench/measure/note-peak-memory.ts'),
    },
    outDir: folder,
    outExtension: () => ({ js: '.mjs' }),
    dts: false,
    clean: false,
    silent: true,
    skipNodeModulesBundle: true,
    config: false,
  })
  return {
    contestant: join(folder, 'contestant.mjs'),
    receiver: join(folder, 'receiver.mjs'),
    notingReceiver: join(folder, 'noting-receiver.mjs'),
    cli: join(folder, 'cli.mjs'),
    notePeakMemory: join(folder, 'note-peak-memory.mjs'),
  }
}
