// The configuration in force, for people and for programs, without its secrets.
import { alignedRows } from '../aligned-rows.ts'
import { configKeys } from './config-keys.ts'
import type { ConfigKey } from './config-keys.ts'
import { sourceText } from './config-source.ts'
import type { LoadedConfig } from './load-config.ts'

/** A key as it may be shown. */
export interface ShownKey {
  readonly key: string
  /** Null: none. */
  readonly value: unknown
  /** `default`, `hookline.yaml:12`, `HOOKLINE_PORT` or `--port` */
  readonly from: string
}

export function showConfig({ config, sources }: LoadedConfig): ShownKey[] {
  return configKeys.map((key) => ({
    key: key.path,
    value: shownValue(key, valueAt(config, key.path)),
    from: sourceText(sources.get(key.path) ?? { kind: 'default' }),
  }))
}

export function configLines(keys: readonly ShownKey[]): string[] {
  return alignedRows(keys.map(({ key, value, from }) => [key, value === null ? 'none' : JSON.stringify(value), from]))
}

function valueAt(config: object, path: string): unknown {
  return path.split('.').reduce<unknown>((place, name) => Reflect.get(Object(place), name), config)
}

function shownValue({ shown }: ConfigKey, value: unknown): unknown {
  if (value === undefined) return null
  if (shown === 'all') return value
  if (shown === 'origin' && typeof value === 'string') return `${new URL(value).origin}/…`
  // How many there are is no secret.
  return Array.isArray(value) ? value.map(() => '(hidden)') : '(hidden)'
}
