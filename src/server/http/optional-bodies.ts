/** Where it stands whether a route's body may be left out, until the document is whole: its maker says of all that they must be there. */
export const optionalBody = 'x-optional-body'

/** A document that says of each body whether it must be there. */
export function withOptionalBodies(value: object): object {
  if (value instanceof Array) return value as readonly unknown[] // it holds no operation
  const { [optionalBody]: isOptional, ...rest }: { readonly [optionalBody]?: unknown } = value
  const parts = Object.entries(rest).map(([name, part]: [string, unknown]) => {
    if (typeof part !== 'object' || part === null) return [name, part] as const
    const isLeftOut = name === 'requestBody' && isOptional === true
    return [name, isLeftOut ? { ...part, required: false } : withOptionalBodies(part)] as const
  })
  return Object.fromEntries(parts)
}
