// `hookline config`: what `hookline serve` would run with here, and where each value comes from.
import { addConfigFlags } from '../config/config-flags.ts'
import type { FlagValues } from '../config/config-flags.ts'
import { loadConfig } from '../config/load-config.ts'
import { configLines, showConfig } from '../config/show-config.ts'
import { jsonText } from '../json-text.ts'
import type { AddCommand } from '../program.ts'

const notes = `
A key may be set in hookline.yaml (or the file of --config or HOOKLINE_CONFIG), by its variable, HOOKLINE_ and its path in
capitals, and by its flag; of these the later wins. All of it is checked as hookline serve checks it.

Exit code: 0 it can be used, 2 it cannot: every problem is named with its key and its source.

Examples:
  hookline config
  hookline config --config production.yaml --json
  HOOKLINE_RETRY_MAX_ATTEMPTS=8 hookline config`

export const addConfig: AddCommand = (program, terminal) => {
  addConfigFlags(program.command('config'))
    .description('Show the configuration in force, and where each value of it comes from.')
    .option('--json', 'print JSON')
    .addHelpText('after', notes)
    .action((flags: FlagValues) => {
      const loaded = loadConfig({ flags, environment: process.env, folder: process.cwd() })
      const keys = showConfig(loaded)
      if (flags['json'] === true) terminal.print(jsonText({ file: loaded.file, keys }))
      else for (const line of configLines(keys)) terminal.print(line)
    })
}
