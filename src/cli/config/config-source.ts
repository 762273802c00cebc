/** Where a value comes from. A later one of the list wins over an earlier one. */
export type Source =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'flag'; readonly name: string }

/** A value as it was given for a key. */
export interface Given {
  /** The key's path. */
  readonly path: string
  readonly value: unknown
  readonly source: Source
  /** Where a part of the value stands, when it stands in a line of its own: the path is within the value, `[0].retry`. */
  readonly sourceOf?: (inner: readonly (string | number)[]) => Source
}

/** What one source gave, and what in it cannot be used. */
export interface Reading {
  readonly given: readonly Given[]
  readonly problems: readonly string[]
}

/** `hookline.yaml:12`, `HOOKLINE_PORT`, `--port`, `default` */
export function sourceText(source: Source): string {
  if (source.kind === 'default') return 'default'
  return source.kind === 'file' ? `${source.file}:${source.line}` : source.name
}
