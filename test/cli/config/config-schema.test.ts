// Holds the schema to the engine: its defaults and ranges are the engine's own.
import { IsInteger, IsNumber } from 'typebox'
import { describe, expect, test } from 'vitest'
import { configKeys } from '../../../src/cli/config/config-keys.ts'
import { notesOf } from '../../../src/cli/config/config-schema.ts'
import { resolveRateLimit } from '../../../src/endpoint/rate-limit.ts'
import { readServerLimits } from '../../../src/server/server-limits.ts'
import { resolveRetention } from '../../../src/service-limits.ts'
import { resolveServiceOptions } from '../../../src/service-options.ts'

const sections = new Set(['retry', 'limits', 'retention', 'timeoutMs', 'concurrency', 'rateLimit'])
const ofEngine = configKeys.filter(({ path }) => sections.has(path.split('.')[0]!))
const ranged = ofEngine.filter(({ schema }) => IsInteger(schema) || IsNumber(schema))

function accepts(path: string, value: number): boolean {
  const [section = '', name] = path.split('.')
  try {
    if (section === 'rateLimit') resolveRateLimit({ perSecond: 1, [name!]: value }, section)
    else resolveServiceOptions({ [section]: name === undefined ? value : { [name]: value } }, {})
    return true
  } catch {
    return false
  }
}

describe('a key of the engine', () => {
  test.each(ranged)('has the range that the engine has: $path', ({ path, schema }) => {
    const { minimum = NaN, maximum = NaN } = notesOf(schema)
    const step = IsInteger(schema) ? 1 : 0.000001
    expect([minimum - step, minimum, maximum, maximum + step].map((value) => accepts(path, value))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test.each(ofEngine.filter(({ fallback }) => fallback !== undefined))(
    'has the default that the engine has: $path',
    ({ path, fallback }) => {
      const settings = { ...resolveServiceOptions({}, {}), retention: resolveRetention({}, 'retention', true) }
      const value = path.split('.').reduce<unknown>((place, name) => Reflect.get(Object(place), name), settings)
      expect(fallback).toEqual(value)
    },
  )

  test('and every option of the engine is a key, but for what only code can give', () => {
    const code = ['log', 'clock', 'random', 'ids', 'transport', 'inspect']
    const options = Object.keys(resolveServiceOptions({}, {})).filter((name) => !code.includes(name))
    const keys = new Set(configKeys.map(({ path }) => path.split('.')[0]))
    expect(options.filter((name) => !keys.has(name))).toEqual([])
  })
})

test('the limits of the server are its own', () => {
  const keys = configKeys.filter(({ path }) => path.startsWith('server.'))
  expect(Object.fromEntries(keys.map(({ path, fallback }) => [path.slice('server.'.length), fallback]))).toEqual(
    defaultLimits,
  )
})

test('no two keys share a variable or a flag, and no secret is a flag', () => {
  for (const names of [configKeys.map(({ variable }) => variable), configKeys.flatMap(({ flag }) => flag ?? [])]) {
    expect(new Set(names).size).toBe(names.length)
  }
  expect(configKeys.filter(({ flag }) => flag === null).map(({ path }) => path)).toEqual([
    'secretKeys',
    'egress.proxy',
    'alerts.url',
    'alerts.secret',
  ])
})
