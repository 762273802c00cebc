const longestShown = 80

/** How an error shows a value it refuses: short, on one line, with its type, and never calling the value's own code. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `${JSON.stringify(value.length > longestShown ? `${value.slice(0, longestShown)}…` : value)} (string)`
    case 'number':
    case 'boolean':
      return `${value} (${typeof value})`
    case 'bigint':
      return `${value}n (bigint)`
    case 'undefined':
      return 'undefined'
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? `an array of ${value.length}` : 'an object'
    default:
      return `a ${typeof value}`
  }
}
