// The configuration's flags: one for every key that is no secret, made of its path.
import type { Command } from 'commander'
import { IsBoolean } from 'typebox'
import { configKeys } from './config-keys.ts'
import type { ConfigKey } from './config-keys.ts'
import type { Given } from './config-source.ts'
import { defaultText } from './default-text.ts'
import { textValue } from './text-value.ts'
import { valueRule } from './value-rule.ts'

/** What commander read, by its names of the flags: `--retry-max-attempts` is `retryMaxAttempts`. */
export type FlagValues = Readonly<Record<string, unknown>>

/** Gives a command the flags of the configuration, `--config` first. */
export function addConfigFlags(command: Command): Command {
  command.option('-c, --config <file>', 'the configuration (default: hookline.yaml, where there is one)')
  for (const key of configKeys) {
    if (key.flag !== null) command.option(`${key.flag} ${valueName(key)}`, helpText(key))
  }
  return command
}

export function readConfigFlags(values: FlagValues): Given[] {
  return configKeys.flatMap((key): Given[] => {
    if (key.flag === null) return []
    const typed = values[optionName(key.flag)]
    if (typed === undefined) return []
    // A flag that takes true or false, and is given alone, means yes.
    const value = typeof typed === 'string' ? textValue(key.schema, typed) : typed
    return [{ path: key.path, value, source: { kind: 'flag', name: key.flag } }]
  })
}

function optionName(flag: string): string {
  return flag.slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function valueName({ schema }: ConfigKey): string {
  return IsBoolean(schema) ? '[true|false]' : '<value>'
}

function helpText(key: ConfigKey): string {
  const meaning = key.description.replaceAll('`', '')
  return `${meaning}; ${valueRule(key.schema)} (default: ${defaultText(key).replaceAll('`', '')})`
}
