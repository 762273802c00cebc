// Values of a query and of a path are texts; schemas may say that they are numbers, truth values or lists.
import type { TSchema } from 'typebox'

const decimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

/**
 * The values that the texts stand for, and the defaults of those that are missing. A text that stands for no value of the
 * type stays a text, which the schema then refuses.
 *
 * @param schema of an object
 */
export function readTexts(schema: TSchema, texts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const properties = propertiesOf(schema)
  const values = Object.entries(texts).map(([name, text]) => [name, readText(properties[name], text)] as const)
  const missing = Object.entries(properties).filter(
    ([name, { default: value }]) => value !== undefined && !(name in texts),
  )
  return Object.fromEntries([...values, ...missing.map(([name, property]) => [name, property.default] as const)])
}

/** What of a schema's properties decides how their texts are read. */
interface Property {
  readonly type?: unknown
  readonly items?: Property
  readonly default?: unknown
}

function propertiesOf(schema: TSchema): Readonly<Record<string, Property>> {
  const properties: unknown = Reflect.get(schema, 'properties')
  // TypeBox makes them so: names, and a schema for each.
  return typeof properties === 'object' && properties !== null ? (properties as Record<string, Property>) : {}
}

function readText(property: Property | undefined, text: unknown): unknown {
  if (property?.type === 'array') {
    const items = Array.isArray(text) ? text : [text]
    return items.map((item) => readText(property.items, item))
  }
  if (typeof text !== 'string') return text
  switch (property?.type) {
    case 'integer':
    case 'number':
      return decimal.test(text) ? Number(text) : text
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text
    default:
      return text
  }
}
