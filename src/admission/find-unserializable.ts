import { RawJson } from './raw-json.ts'

const mostVisited = 10_000
const deepest = 64
const longestNameShown = 40
const plainName = /^[A-Za-z_$][\w$]*$/

interface Search {
  /** The objects on the way from the root to here: meeting one again closes a circle. */
  readonly ancestors: Set<object>
  visited: number
}

/**
 * Finds what `JSON.stringify` stumbled over, and says where: `payload.items[3].amount is a BigInt`. Only for a payload
 * that it has already refused. It walks as `JSON.stringify` does, and so runs the payload's getters and `toJSON` once
 * more; it gives up, with null, after 10,000 values, and does not look deeper than 64 levels.
 *
 * Shows names of properties, never a value.
 */
export function findUnserializable(payload: unknown, path: string): string | null {
  return search({ ancestors: new Set(), visited: 0 }, payload, path, '')
}

function search(state: Search, given: unknown, path: string, key: string): string | null {
  if (++state.visited > mostVisited) return null
  if (RawJson.is(given)) return `${path} is of rawJson, which must be the whole payload`
  let value: unknown
  try {
    value = throughToJson(given, key)
  } catch {
    return `${path} has a toJSON that throws`
  }
  if (typeof value === 'bigint') return `${path} is a BigInt`
  if (typeof value !== 'object' || value === null) return null
  if (state.ancestors.has(value)) return `${path} is a circular reference`
  if (state.ancestors.size === deepest) return null
  state.ancestors.add(value)
  const found = Array.isArray(value) ? searchArray(state, value, path) : searchObject(state, value, path)
  state.ancestors.delete(value)
  return found
}

function searchArray(state: Search, values: readonly unknown[], path: string): string | null {
  for (let index = 0; index < values.length && state.visited <= mostVisited; index++) {
    const found = searchProperty(state, values, `${index}`, `${path}[${index}]`)
    if (found !== null) return found
  }
  return null
}

function searchObject(state: Search, value: object, path: string): string | null {
  for (const name of ownNames(value)) {
    if (state.visited > mostVisited) return null
    const shown = name.length > longestNameShown ? `${name.slice(0, longestNameShown)}…` : name
    const found = searchProperty(
      state,
      value,
      name,
      plainName.test(shown) ? `${path}.${shown}` : `${path}[${JSON.stringify(shown)}]`,
    )
    if (found !== null) return found
  }
  return null
}

function searchProperty(state: Search, holder: object, name: string, path: string): string | null {
  let value: unknown
  try {
    value = Reflect.get(holder, name)
  } catch {
    return `${path} is a getter that throws`
  }
  return search(state, value, path, name)
}

/** Empty for a proxy that refuses to be listed. */
function ownNames(value: object): readonly string[] {
  try {
    return Object.keys(value)
  } catch {
    return []
  }
}

function throughToJson(value: unknown, key: string): unknown {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'bigint') return value
  const toJson: unknown = Reflect.get(Object(value), 'toJSON')
  return typeof toJson === 'function' ? Reflect.apply(toJson, value, [key]) : value
}
