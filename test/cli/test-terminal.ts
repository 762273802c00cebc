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
  /** Does what Ctrl-C does. */
  interrupt(): void
}

interface TestTerminalOptions {
  readonly interactive?: boolean
  readonly colors?: boolean
  readonly environment?: Terminal['environment']
}

export function createTestTerminal({
  interactive = false,
  colors = false,
  environment = {},
}: TestTerminalOptions = {}): TestTerminal {
  const printed: string[] = []
  const noted: string[] = []
  let interrupt = (): void => undefined
  const interrupted = new Promise<void>((resolve) => (interrupt = resolve))
  return {
    interrupted: () => interrupted,
    interrupt: () => interrupt(),
    print: (line) => void printed.push(line),
    note: (line) => void noted.push(line),
    progress: () => undefined,
    colors: pc.createColors(colors),
    interactive,
    columns: 100,
    environment,
    clock: createVirtualClock(),
    get printed() {
      return printed.join('\n')
    },
    get noted() {
      return noted.join('\n')
    },
  }
}
