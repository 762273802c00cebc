// Divides a time among what went on in it: of all that held at once, the foremost counts.

/** Something that went on from one time to another, in milliseconds since 1970. */
export interface Span<TWhat> {
  readonly what: TWhat
  /** Of several at once the lowest counts. */
  readonly rank: number
  readonly fromMs: number
  readonly toMs: number
}

interface Edge<TWhat> {
  readonly atMs: number
  readonly span: Span<TWhat>
  readonly begins: boolean
}

/** Leaves nothing between `fromMs` and `toMs` out, and nothing in twice: where no span counts, `otherwise` does. */
export function divideTime<TWhat>(
  spans: readonly Span<TWhat>[],
  fromMs: number,
  toMs: number,
  otherwise: TWhat,
): Omit<Span<TWhat>, 'rank'>[] {
  const pieces: { what: TWhat; fromMs: number; toMs: number }[] = []
  const open = new Map<number, Set<Span<TWhat>>>()
  let reachedMs = fromMs
  const reach = (atMs: number): void => {
    if (atMs <= reachedMs) return
    const what = foremost(open)?.what ?? otherwise
    const last = pieces.at(-1)
    if (last?.what === what) last.toMs = atMs
    else pieces.push({ what, fromMs: reachedMs, toMs: atMs })
    reachedMs = atMs
  }
  for (const { atMs, span, begins } of edgesOf(spans, fromMs, toMs)) {
    reach(atMs)
    const ofRank = open.get(span.rank) ?? new Set()
    open.set(span.rank, ofRank)
    if (begins) ofRank.add(span)
    else ofRank.delete(span)
  }
  reach(toMs)
  return pieces
}

function edgesOf<TWhat>(spans: readonly Span<TWhat>[], fromMs: number, toMs: number): Edge<TWhat>[] {
  const edges: Edge<TWhat>[] = []
  for (const span of spans) {
    const start = Math.max(span.fromMs, fromMs)
    const end = Math.min(span.toMs, toMs)
    if (!(start < end)) continue // nor what a damaged record makes NaN
    edges.push({ atMs: start, span, begins: true }, { atMs: end, span, begins: false })
  }
  return edges.sort((one, other) => one.atMs - other.atMs)
}

function foremost<TWhat>(open: ReadonlyMap<number, ReadonlySet<Span<TWhat>>>): Span<TWhat> | undefined {
  let found: Span<TWhat> | undefined
  for (const spans of open.values()) {
    for (const span of spans) {
      if (found === undefined || span.rank < found.rank) found = span
      break
    }
  }
  return found
}
