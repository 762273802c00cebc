import { configKeys } from '../../src/cli/config/config-keys.ts'
import { defaultText } from '../../src/cli/config/default-text.ts'
import { valueRule } from '../../src/cli/config/value-rule.ts'

/** The rows of docs/configuration.md, as the schema has them: key, default, what is valid, variable, flag, meaning. */
export function configurationRows(): string[][] {
  return configKeys.map((key) => {
    const shownDefault = defaultText(key)
    return [
      code(key.path),
      key.fallback === undefined ? shownDefault : code(shownDefault),
      valueRule(key.schema),
      code(key.variable),
      key.flag === null ? '' : code(key.flag),
      key.description,
    ]
  })
}

const code = (text: string): string => `\`${text}\``
