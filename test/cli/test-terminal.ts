import pc from 'picocolors'
import type { Terminal } from '../../src/cli/terminal.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import type { VirtualClock } from '../../src/testing/virtual-clock.ts'

/** A terminal that keeps what is written to it. */
export interface TestTerminal extends Terminal {
  /** What was printed as the result. */
  readonly printed: string
  /** What was noted beside it. */
  readonly noted: string
  readonly clock: VirtualClock
}

export function createTestTerminal({ interactive = false, colors = false } = {}): TestTerminal {
  const printed: string[] = []
  const noted: string[] = []
  return {
    print: (line) => void printed.push(line),
    note: (line) => void noted.push(line),
    progress: () => undefined,
    colors: pc.createColors(colors),
    interactive,
    columns: 100,
    clock: createVirtualClock(),
    get printed() {
      return printed.join('\n')
    },
    get noted() {
      return noted.join('\n')
    },
  }
}
