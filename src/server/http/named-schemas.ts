/** Where a schema's name stands until the document is whole: its maker drops every `$id`. */
const nameKey = 'x-schema-name'

/** A schema, and all in it, with names that stay. */
export function keepNames(schema: object): object {
  const entries = Object.entries(schema).map(([name, part]: [string, unknown]) => [
    name === '$id' ? nameKey : name,
    typeof part === 'object' && part !== null ? (Array.isArray(part) ? keepAll(part) : keepNames(part)) : part,
  ])
  return Object.fromEntries(entries) as object
}

function keepAll(items: readonly unknown[]): unknown[] {
  return items.map((item) => (typeof item === 'object' && item !== null ? keepNames(item) : item))
}

/** A document in which every schema that has a name stands once, among the components, and is referred to elsewhere. */
export function withNamedSchemas(document: object): object {
  const named: Record<string, unknown> = {}
  const rest = withReferences(document, named)
  const components: unknown = Reflect.get(rest, 'components')
  const others = typeof components === 'object' ? components : null
  return { ...rest, components: { ...others, schemas: named } }
}

/** @param named takes the schemas that are referred to */
function withReferences(value: object, named: Record<string, unknown>): object {
  if (Array.isArray(value)) return value.map((item: unknown) => replaced(item, named))
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, replaced(part, named)]))
}

function replaced(value: unknown, named: Record<string, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { [nameKey]: id, ...schema }: { readonly [nameKey]?: unknown } = value
  if (typeof id !== 'string') return withReferences(value, named)
  named[id] ??= withReferences(schema, named)
  return { $ref: `#/components/schemas/${id}` }
}
