// The keys one by one, as the schema lists them, with the names by which the environment and the command line call them.
import { IsObject, IsOptional } from 'typebox'
import type { TSchema } from 'typebox'
import { configSchema, notesOf } from './config-schema.ts'

export interface ConfigKey {
  /** Where it stands in the file: `retry.maxAttempts`. */
  readonly path: string
  readonly schema: TSchema
  readonly description: string
  /** Undefined where it has none, or one that depends on something. */
  readonly fallback: unknown
  /** `HOOKLINE_RETRY_MAX_ATTEMPTS` */
  readonly variable: string
  /** `--retry-max-attempts`; null for what must not be seen in a list of processes. */
  readonly flag: string | null
  /** What of it may be shown. */
  readonly shown: 'all' | 'origin' | 'nothing'
}

/** Every key, in the order of the schema. A list is one key, whatever its items hold. */
export const configKeys: readonly ConfigKey[] = keysOf(configSchema, [])

export const keysByPath: ReadonlyMap<string, ConfigKey> = new Map(configKeys.map((key) => [key.path, key]))

/** The names that may stand at a place of the file, by the path of that place; `''` is the top. */
export const namesWithin: ReadonlyMap<string, readonly string[]> = sectionsOf(configSchema, '')

function keysOf(schema: TSchema, path: readonly string[]): ConfigKey[] {
  if (IsObject(schema)) {
    return Object.entries(schema.properties).flatMap(([name, property]) => keysOf(property, [...path, name]))
  }
  const { secret, secretUrl, flag, description = '' } = notesOf(schema)
  const hidden = secret === true || secretUrl === true
  const words = path.flatMap((name) => name.split(/(?=[A-Z])/))
  return [
    {
      path: path.join('.'),
      schema,
      description,
      fallback: IsOptional(schema) ? undefined : notesOf(schema).default,
      variable: `HOOKLINE_${words.join('_').toUpperCase()}`,
      flag: hidden ? null : (flag ?? `--${words.join('-').toLowerCase()}`),
      shown: secret === true ? 'nothing' : secretUrl === true ? 'origin' : 'all',
    },
  ]
}

function sectionsOf(schema: TSchema, path: string): Map<string, readonly string[]> {
  const sections = new Map<string, readonly string[]>()
  if (!IsObject(schema)) return sections
  sections.set(path, Object.keys(schema.properties))
  for (const [name, property] of Object.entries(schema.properties)) {
    for (const [inner, names] of sectionsOf(property, path === '' ? name : `${path}.${name}`))
      sections.set(inner, names)
  }
  return sections
}
