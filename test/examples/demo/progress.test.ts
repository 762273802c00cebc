import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { showProgress } from '../../../examples/demo/progress.ts'
import { Scoreboard } from '../../../examples/demo/scoreboard.ts'
import type { Transition } from '../../../src/index.ts'

const up = '\x1b[5A'
const hideCursor = '\x1b[?25l'
const showCursor = '\x1b[?25h'

function terminal(size: { columns: number; rows: number } | null) {
  const written: string[] = []
  return { written, output: { isTTY: size !== null, ...size, write: (text: string) => written.push(text) > 0 } }
}

/** Two endpoints: the first has one of two events delivered, the second waits to try its first a third time. */
function halfWay(): Scoreboard {
  const scoreboard = new Scoreboard()
  const read = (endpointId: string, steps: [Transition['from'], Transition['to'], number][]) => {
    for (const [from, to, attempts] of steps) {
      scoreboard.read({ endpointId, from, to, attempts, ...notRead })
    }
  }
  scoreboard.add('ep_a', 'shop-a')
  scoreboard.add('ep_b', 'shop-b')
  const submitted: [null, 'pending', number] = [null, 'pending', 0]
  read('ep_a', [submitted, submitted, ['pending', 'delivering', 1], ['delivering', 'delivered', 1]])
  read('ep_b', [submitted, ['pending', 'delivering', 1], ['delivering', 'backoff', 1]])
  read('ep_b', [
    ['backoff', 'delivering', 2],
    ['delivering', 'backoff', 2],
  ])
  return scoreboard
}

const notRead = {
  seq: 1,
  at: '',
  eventId: 'evt_1',
  event: { type: 'attempt.started', attempt: 1, at: '' },
  machine: 'delivery@1',
} as const

it('draws a line for each endpoint, and redraws it in place', () => {
  const { written, output } = terminal({ columns: 80, rows: 24 })
  const progress = showProgress(output, halfWay())
  progress.stop()
  const [first = '', last = ''] = written
  expect(stripVTControlCharacters(first).split('\n')).toEqual([
    'endpoint  delivered                     retries   next   now',
    'shop-a    ██████████░░░░░░░░░░    1/2         0     #2   next in line',
    'shop-b    ░░░░░░░░░░░░░░░░░░░░    0/1         1     #1   backoff after try 2',
    '',
    ' 0.0 s   1/3 delivered     1 retries    1 in backoff    0 in flight',
    '',
  ])
  expect(first.startsWith(hideCursor)).toBe(true)
  expect(last.startsWith(up)).toBe(true)
  expect(last.endsWith(showCursor)).toBe(true)
})

it('fits 80 columns', () => {
  const { written, output } = terminal({ columns: 80, rows: 24 })
  showProgress(output, halfWay()).stop()
  const widths = stripVTControlCharacters(written.join('')).split('\n')
  expect(Math.max(...widths.map((line) => line.length))).toBeLessThan(80)
})

it.each([
  ['where there is no terminal', null],
  ['on a terminal too low', { columns: 80, rows: 5 }],
  ['on a terminal too narrow', { columns: 60, rows: 24 }],
])('writes totals only, %s', (_, size) => {
  const { written, output } = terminal(size)
  showProgress(output, halfWay()).stop()
  expect(written.map(stripVTControlCharacters)).toEqual([
    ' 0.0 s   1/3 delivered     1 retries    1 in backoff    0 in flight\n',
    ' 0.0 s   1/3 delivered     1 retries    1 in backoff    0 in flight\n',
  ])
  expect(written.join('')).not.toContain(hideCursor)
})
