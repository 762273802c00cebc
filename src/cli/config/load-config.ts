// The configuration in force: file, environment and flags put together over the defaults, and judged as a whole.
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import Value from 'typebox/value'
import { CallError } from '../call-error.ts'
import { checkValue } from './check-value.ts'
import { readConfigEnvironment, fileVariable } from './config-environment.ts'
import { configError } from './config-error.ts'
import { readConfigFile } from './config-file.ts'
import { readConfigFlags } from './config-flags.ts'
import type { FlagValues } from './config-flags.ts'
import { configKeys, keysByPath, namesWithin } from './config-keys.ts'
import { configSchema } from './config-schema.ts'
import type { Config } from './config-schema.ts'
import { sourceText } from './config-source.ts'
import type { Given, Reading, Source } from './config-source.ts'
import { engineProblems } from './engine-options.ts'

/** Where the configuration is looked for. */
export interface ConfigPlace {
  readonly flags: FlagValues
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The folder that relative paths are from. */
  readonly folder: string
}

export interface LoadedConfig {
  readonly config: Config
  /** By the key's path; a key that is not in it has no value. */
  readonly sources: ReadonlyMap<string, Source>
  /** The file that was read; null when there was none. */
  readonly file: string | null
}

const usualFile = 'hookline.yaml'
const fromDefault: Source = { kind: 'default' }

/** @throws CallError with all that is wrong, each with its key, its source, what was given and what is valid */
export function loadConfig(place: ConfigPlace): LoadedConfig {
  const file = fileIn(place)
  const readings: readonly Reading[] = [
    file === null ? { given: [], problems: [] } : readConfigFile(textOf(file, place.folder), file),
    readConfigEnvironment(place.environment),
    { given: readConfigFlags(place.flags), problems: [] },
  ]
  const all = readings.flatMap(({ given }) => given)
  // Also what a later source overrides: it will count as soon as that is taken away.
  const problems = [...readings.flatMap((reading) => reading.problems), ...all.flatMap(problemsOf)]
  if (problems.length > 0) throw configError(problems)
  const values = new Map(all.map((given) => [given.path, given]))
  const sources = new Map([...values].map(([path, { source }]) => [path, source]))
  const config = complete(values, sources, place.environment)
  const together = engineProblems(config, place.environment, (path) => sourceText(sources.get(path) ?? fromDefault))
  if (together.length > 0) throw configError(together)
  return { config, sources, file }
}

function fileIn({ flags, environment, folder }: ConfigPlace): string | null {
  const named = flags['config'] ?? environment[fileVariable]
  if (typeof named === 'string' && named !== '') return named
  return existsSync(resolve(folder, usualFile)) ? usualFile : null
}

function textOf(file: string, folder: string): string {
  try {
    return readFileSync(resolve(folder, file), 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CallError(
      `the configuration ${JSON.stringify(file)} cannot be read (${code}); name another with --config`,
    )
  }
}

function problemsOf({ path, value, source, sourceOf }: Given): string[] {
  const key = keysByPath.get(path)
  if (key === undefined) return []
  return checkValue(key.schema, value, key.shown !== 'all').map(({ at, wrong }) => {
    const inner = at.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
    const where = at.length === 0 ? source : (sourceOf?.(at) ?? source)
    return `${sourceText(where)}: ${path}${inner} ${wrong}`
  })
}

function complete(
  values: ReadonlyMap<string, Given>,
  sources: Map<string, Source>,
  environment: ConfigPlace['environment'],
): Config {
  const tree: Record<string, unknown> = Object.fromEntries(
    [...namesWithin.keys()].filter((path) => path !== '').map((path) => [path, {}]),
  )
  for (const { path, fallback } of configKeys) {
    const value = values.has(path) ? values.get(path)?.value : (dependent(path, values, environment) ?? fallback)
    if (value === undefined) continue
    if (!sources.has(path)) sources.set(path, fromDefault)
    setIn(tree, path, value)
  }
  // Every value was checked, and every key without one is optional, so this only tells TypeScript.
  if (!Value.Check(configSchema, tree)) throw new Error('the configuration in force does not fit its schema')
  return tree
}

/** Defaults that depend on something. */
function dependent(path: string, values: ReadonlyMap<string, Given>, environment: ConfigPlace['environment']): unknown {
  if (path === 'keys') return `${String(values.get('store')?.value ?? keysByPath.get('store')?.fallback)}.keys.json`
  if (path === 'egress.privateNetworks') return environment['NODE_ENV'] === 'production' ? 'deny' : 'allow'
  // As the engine does with a first delay that nobody chose.
  const longestMs = values.get('retry.maxDelayMs')?.value
  const firstMs = keysByPath.get('retry.initialDelayMs')?.fallback
  if (path === 'retry.initialDelayMs' && longestMs !== undefined) return Math.min(Number(firstMs), Number(longestMs))
  return undefined
}

function setIn(tree: Record<string, unknown>, path: string, value: unknown): void {
  const [section = '', name] = path.split('.')
  if (name === undefined) tree[section] = value
  else tree[section] = { ...Object(tree[section]), [name]: value }
}
