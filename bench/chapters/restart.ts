// How soon a service delivers again that starts on a large log, and what it holds in memory.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { MemoryReading } from '../contestants/order.ts'
import { ContestantProcess } from '../measure/contestant-process.ts'
import { writeLogFile } from '../measure/write-log-file.ts'
import type { LogContents } from '../measure/write-log-file.ts'
import { mebibytes, whole } from '../report/figures.ts'
import { settingsFor } from './chapter.ts'
import type { Findings, Surroundings } from './chapter.ts'

const endpoints = 100
/** So many deliveries after the first one, memory is looked at. */
const deliveriesAfter = 5_000

interface Restart {
  readonly contents: LogContents
  readonly fileBytes: number
  /** From the start of the process, Node's own included. */
  readonly seconds: number
  readonly first: MemoryReading
  readonly later: MemoryReading
}

export async function restartService(surroundings: Surroundings): Promise<Findings> {
  const { settled, pending, manyPending } = surroundings.plan.restart
  const long = await restart(surroundings, { endpoints, settled, pending })
  const full = await restart(surroundings, { endpoints, settled: 0, pending: manyPending })
  return report(long, full)
}

async function restart(surroundings: Surroundings, contents: LogContents): Promise<Restart> {
  const { processes, programs, progress } = surroundings
  const logFile = join(processes.folder(), 'hooks.db')
  const title = describe(contents)
  await writeLogFile(logFile, contents, (events) => progress(`${title}: writing, ${whole(events)} events`))
  const fileBytes = statSync(logFile).size
  progress(`${title}: starting`)
  const startedAt = performance.now()
  const settings = { ...settingsFor(surroundings, 'hookline-durable'), endpoints, logFile }
  const process = await ContestantProcess.start(processes, programs.contestant, settings)
  await process.order({ type: 'firstDelivery' })
  const seconds = (performance.now() - startedAt) / 1000
  const first = await process.order({ type: 'memory', collect: false })
  // Events beyond those that wait: each is submitted behind them, and the oldest are delivered.
  await process.order({ type: 'deliverHolding', count: deliveriesAfter })
  const later = await process.order({ type: 'memory', collect: false })
  await process.stop()
  return { contents, fileBytes, seconds, first, later }
}

function describe({ settled, pending }: LogContents): string {
  return settled === 0 ? `${whole(pending)} pending` : `${whole(settled)} settled, ${whole(pending)} pending`
}

function report(long: Restart, full: Restart): Findings {
  return {
    title: `A service that starts on a log of others' making, ${endpoints} endpoints`,
    table: {
      head: [
        '',
        'file MiB',
        'seconds to first delivery',
        'MiB RSS then',
        `MiB RSS ${whole(deliveriesAfter)} on`,
        'most ever',
      ],
      rows: [long, full].map(({ contents, fileBytes, seconds, first, later }) => [
        describe(contents),
        mebibytes(fileBytes),
        seconds.toFixed(2),
        mebibytes(first.rssBytes),
        mebibytes(later.rssBytes),
        mebibytes(later.peakBytes),
      ]),
    },
    notes: ['The seconds are counted from the start of the process; the first delivery is one that was answered.'],
    wanted: [
      {
        what: `seconds to the first delivery, ${describe(long.contents)}`,
        wanted: 'under 3',
        reached: long.seconds.toFixed(2),
      },
      { what: `MiB of RSS, ${describe(full.contents)}`, wanted: 'under 300', reached: mebibytes(full.later.peakBytes) },
    ],
    data: [long, full],
  }
}
