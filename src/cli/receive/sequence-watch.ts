// Which numbers of a line were accepted, and which were passed over. Bounded: of too many lines the one that came first is
// forgotten, and of too many gaps of a line the oldest can no longer be seen to fill.

/** Numbers that were passed over, both ends included. */
interface Gap {
  readonly from: number
  readonly to: number
}

interface WatchedLine {
  /** The first that came: what was before it is not the receiver's to miss. */
  readonly first: number
  highest: number
  gaps: Gap[]
}

export class SequenceWatch {
  /** How many numbers were passed over and have not been accepted since, in all lines. */
  missing = 0
  /** How many were accepted after a later one of their line. */
  late = 0
  readonly #mostLines: number
  readonly #mostGaps: number
  readonly #lines = new Map<string, WatchedLine>()

  constructor(mostLines = 1000, mostGaps = 100) {
    this.#mostLines = mostLines
    this.#mostGaps = mostGaps
  }

  /** A number of a line has come, whatever it will be answered. */
  arrived(name: string, sequence: number): void {
    if (this.#lines.has(name)) return
    this.#lines.set(name, { first: sequence, highest: sequence - 1, gaps: [] })
    if (this.#lines.size <= this.#mostLines) return
    const [oldest] = this.#lines.keys()
    if (oldest !== undefined) this.#lines.delete(oldest)
  }

  /** A number of a line was accepted. Returns how many before it were passed over by that. */
  accepted(name: string, sequence: number): number {
    const line = this.#lines.get(name)
    if (line === undefined || sequence < line.first) return 0
    if (sequence <= line.highest) {
      this.#fill(line, sequence)
      return 0
    }
    const passed = sequence - line.highest - 1
    if (passed > 0) {
      line.gaps.push({ from: line.highest + 1, to: sequence - 1 })
      if (line.gaps.length > this.#mostGaps) line.gaps.shift()
      this.missing += passed
    }
    line.highest = sequence
    return passed
  }

  #fill(line: WatchedLine, sequence: number): void {
    const index = line.gaps.findIndex(({ from, to }) => from <= sequence && sequence <= to)
    const gap = line.gaps[index]
    if (gap === undefined) return
    const before = { from: gap.from, to: sequence - 1 }
    const after = { from: sequence + 1, to: gap.to }
    line.gaps.splice(index, 1, ...[before, after].filter(({ from, to }) => from <= to))
    // One gap may have become two.
    if (line.gaps.length > this.#mostGaps) line.gaps.shift()
    this.missing -= 1
    this.late += 1
  }
}
