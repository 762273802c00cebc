// Values that a schema takes, values that it nearly takes, and values that have nothing to do with it.
import fc from 'fast-check'
import type { JsonSchema } from './api-document.ts'

export interface ValueSource {
  readonly resolve: (schema: JsonSchema) => JsonSchema
  /** Values that mean something where the schema says only that they are texts, by the name they stand under. */
  readonly meaningful: Readonly<Record<string, fc.Arbitrary<unknown>>>
}

const hostileTexts = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\u202e',
  '\ufeff',
  '../../etc/passwd',
  '%00',
  '%2e%2e%2f',
  "' OR 1=1 --",
  '__proto__',
  'constructor',
  'toString',
  '${jndi:ldap://x}',
  '\r\nX-Injected: 1',
  '🙈'.repeat(60),
  'a'.repeat(3000),
  '-1',
  '1e999',
  '0x10',
  'null',
  '2026-02-30T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
]

const hostileNumbers = [-1, -0, 0.5, 1e21, 1e308, 2 ** 31, 2 ** 53, 2 ** 53 + 2, 5e-324, -(2 ** 53)]

/** Anything that JSON can say, and texts that have hurt others. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  { maxDepth: 2, withCrossShrink: true },
  fc.constantFrom<unknown>(null, true, false, 0, 1, [], {}, ...hostileTexts, ...hostileNumbers),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constant(JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{}}}')),
  fc.array(fc.constantFrom<unknown>(null, {}, 'a', 1), { maxLength: 300 }),
)

export function valuesOf(given: JsonSchema, source: ValueSource, name = ''): fc.Arbitrary<unknown> {
  const schema = source.resolve(given)
  const valid = validOf(schema, source, name)
  return fc.oneof(
    { weight: 100, arbitrary: valid },
    { weight: 4, arbitrary: nearlyOf(valid) },
    { weight: 1, arbitrary: anything },
  )
}

function validOf(schema: JsonSchema, source: ValueSource, name: string): fc.Arbitrary<unknown> {
  const { anyOf, enum: choices } = schema
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((form) => valuesOf(form, source, name)))
  if ('const' in schema) return fc.constant(schema.const)
  if (choices !== undefined) return fc.constantFrom(...choices)
  const types = [schema.type ?? []].flat()
  if (types.length === 0) return source.meaningful[name] ?? anything
  return fc.oneof(...types.map((type) => validOfType(type, schema, source, name)))
}

function validOfType(type: string, schema: JsonSchema, source: ValueSource, name: string): fc.Arbitrary<unknown> {
  const { minimum = -1000, maximum = 1000 } = schema
  switch (type) {
    case 'object':
      return source.meaningful[name] ?? objectsOf(schema, source)
    case 'array':
      return arraysOf(schema, source, name)
    case 'string':
      return source.meaningful[name] ?? textsOf(schema)
    case 'integer':
      return fc.oneof(fc.integer({ min: Math.ceil(minimum), max: maximum }), fc.constantFrom(minimum, maximum))
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true })
    case 'boolean':
      return fc.boolean()
    default:
      return fc.constant(null)
  }
}

function objectsOf(schema: JsonSchema, source: ValueSource): fc.Arbitrary<unknown> {
  const { properties = {}, patternProperties = {}, required = [] } = schema
  const [values] = Object.values(patternProperties)
  if (values !== undefined) return fc.dictionary(fc.string({ maxLength: 12 }), valuesOf(values, source), { maxKeys: 4 })
  const members = Object.entries(properties).map(([name, member]) => [name, valuesOf(member, source, name)] as const)
  return membersOf(members, required)
}

/** Objects with all required members, and with any of the others: with one or none of them often, for they may exclude each other. */
export function membersOf(
  members: readonly (readonly [string, fc.Arbitrary<unknown>])[],
  required: readonly string[],
): fc.Arbitrary<Record<string, unknown>> {
  const all = fc.record<Record<string, unknown>>(Object.fromEntries(members), { requiredKeys: [...required] })
  const needed = members.filter(([name]) => required.includes(name))
  const bare = fc.record<Record<string, unknown>>(Object.fromEntries(needed))
  const others = members.filter(([name]) => !required.includes(name))
  const sparse = others.map((other) => fc.record<Record<string, unknown>>(Object.fromEntries([...needed, other])))
  return fc.oneof({ weight: 2, arbitrary: all }, bare, ...(sparse.length === 0 ? [] : [fc.oneof(...sparse)]))
}

function arraysOf({ items = {}, minItems = 0 }: JsonSchema, source: ValueSource, name: string): fc.Arbitrary<unknown> {
  return fc.array(valuesOf(items, source, name), { minLength: minItems, maxLength: minItems + 4 })
}

function textsOf({ pattern, format, minLength = 0, maxLength = 200 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'))
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 40) })
}

/** A valid value with one thing wrong: a member gone, one too many, or one of another kind. */
function nearlyOf(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(valid, fc.nat(), fc.constantFrom('drop', 'add', 'change'), anything)
    .map(([value, at, how, other]) => {
      if (typeof value !== 'object' || value === null) return other
      if (Array.isArray(value)) return how === 'add' ? [...(value as unknown[]), other] : (value as unknown[]).slice(1)
      const names = Object.keys(value)
      const name = names[at % Math.max(1, names.length)] ?? 'x'
      const rest = Object.fromEntries(Object.entries(value).filter(([one]) => one !== name))
      if (how === 'drop') return rest
      return how === 'add' ? { ...value, [`${name}x`]: other } : { ...rest, [name]: other }
    })
}
