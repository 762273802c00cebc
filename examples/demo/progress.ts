import type { WriteStream } from 'node:tty'
import { boardColumns, boardLines, totalsLine } from './board-text.ts'
import type { Scoreboard } from './scoreboard.ts'

const frameMs = 100
const framesPerLine = 10
const hideCursor = '\x1b[?25l'
const showCursor = '\x1b[?25h'

/** The part of a terminal, or of a pipe, that progress needs. */
export type ProgressOutput = Pick<WriteStream, 'write'> & Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'rows'>>

export interface Progress {
  /** Draws the last state and leaves the terminal as it was found. Again does nothing. */
  stop(): void
}

/** Shows a run: a board redrawn in place where there is a terminal with room for it, else a line of totals a second. */
export function showProgress(output: ProgressOutput, scoreboard: Scoreboard): Progress {
  const startedAt = performance.now()
  let frames = 0
  /** How many lines of a board stand above the cursor; none yet, or none any more. */
  let drawn = 0
  let stopped = false

  function draw(last: boolean): void {
    const elapsedMs = performance.now() - startedAt
    const lines = boardLines(scoreboard, elapsedMs)
    if (fits(output, lines.length)) {
      const back = drawn > 0 ? `\x1b[${drawn}A\r` : hideCursor
      output.write(`${back}${lines.map((line) => `${line}\x1b[K\n`).join('')}${last ? showCursor : ''}`)
      drawn = lines.length
      return
    }
    if (drawn > 0) output.write(showCursor)
    drawn = 0
    if (last || frames % framesPerLine === 0) output.write(`${totalsLine(scoreboard.totals(), elapsedMs)}\n`)
    frames += 1
  }

  draw(false)
  const timer = setInterval(() => draw(false), frameMs)
  return {
    stop() {
      if (stopped) return
      stopped = true
      clearInterval(timer)
      draw(true)
    },
  }
}

function fits({ isTTY, columns = 0, rows = 0 }: ProgressOutput, lines: number): boolean {
  return isTTY === true && columns >= boardColumns && rows > lines
}
