// `hookline serve`: the service.
import { addConfigFlags } from '../config/config-flags.ts'
import type { FlagValues } from '../config/config-flags.ts'
import { loadConfig } from '../config/load-config.ts'
import type { AddCommand } from '../program.ts'

const notes = `
It serves the HTTP API until it is told to end, and writes a line of JSON for everything that happens to the standard
output. With no configuration the log is ./hookline.db, and it listens on this machine alone.

SIGTERM or Ctrl-C: it takes nothing new, lets the requests in flight end within shutdown.graceMs, and exits; a second one
ends it at once. hookline config shows what is in force.

Exit code: 0 it was told to end, 1 it failed, 2 it was called or configured wrongly.

Examples:
  hookline serve
  hookline serve --store /var/lib/hookline/hookline.db --port 8080
  hookline serve --config hookline.yaml --pretty`

export const addServe: AddCommand = (program, terminal, end) => {
  addConfigFlags(program.command('serve'))
    .description('Run the service: the HTTP API, over a log in a SQLite file.')
    .addHelpText('after', notes)
    .action(async (flags: FlagValues) => {
      const loaded = loadConfig({ flags, environment: process.env, folder: process.cwd() })
      // Only who serves waits for what that needs to be loaded.
      const { serve } = await import('../serve/serve.ts')
      end(await serve(loaded, terminal))
    })
}
