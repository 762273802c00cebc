// What it costs to read, verify and explain a recorded log with the command line, in a process of its own.
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeFormulaLog } from '../../test/support/formula-log.ts'
import { spreadOf } from '../measure/statistics.ts'
import { mebibytes, whole } from '../report/figures.ts'
import type { Findings, Surroundings } from './chapter.ts'

interface Run {
  readonly seconds: number
  readonly peakBytes: number
}

const commands = ['replay', 'explain'] as const

type Runs = Record<(typeof commands)[number], Run[]>

export async function replayLog(surroundings: Surroundings): Promise<Findings> {
  const { processes, plan, progress } = surroundings
  const { records, rounds } = plan.replay
  const log = join(processes.folder(), 'log.jsonl')
  progress(`writing a log of ${whole(records)} records`)
  writeFormulaLog(log, records)
  const runs: Runs = { replay: [], explain: [] }
  for (let round = 1; round <= rounds; round += 1) {
    progress(`round ${round} of ${rounds}`)
    runs.replay.push(await run(surroundings, ['replay', log]))
    runs.explain.push(await run(surroundings, ['explain', log, `evt_${'200'.padStart(21, '0')}`]))
  }
  return report(records, statSync(log).size, runs)
}

async function run({ processes, programs }: Surroundings, parameters: readonly string[]): Promise<Run> {
  const startedAt = performance.now()
  const command = [process.execPath, '--import', programs.notePeakMemory, programs.cli, ...parameters]
  const child = processes.start(command, { core: 'sender' })
  const [code] = (await once(child, 'exit')) as [number | null]
  const seconds = (performance.now() - startedAt) / 1000
  if (code !== 0) throw new Error(`hookline ${parameters.join(' ')} ended with ${code ?? 'a signal'}`)
  return { seconds, peakBytes: Number(readFileSync(`${programs.cli}.peak`, 'utf8')) }
}

function report(records: number, bytes: number, runs: Runs): Findings {
  const rows = commands.map((command) => {
    const seconds = spreadOf(runs[command].map((one) => one.seconds))
    const peak = spreadOf(runs[command].map((one) => one.peakBytes))
    const range = `${seconds.median.toFixed(1)} (${seconds.min.toFixed(1)}–${seconds.max.toFixed(1)})`
    return { cells: [`hookline ${command}`, range, mebibytes(peak.max)], seconds, peak }
  })
  const slowest = Math.max(...rows.map(({ seconds }) => seconds.median))
  const most = Math.max(...rows.map(({ peak }) => peak.max))
  return {
    title: `A recorded log of ${whole(records)} records, ${mebibytes(bytes)} MiB`,
    table: { head: ['', 'seconds', 'MiB at most'], rows: rows.map(({ cells }) => cells) },
    notes: ['Each run is a process of its own: its start is counted, and its memory is the most it ever held.'],
    wanted: [
      {
        what: `seconds to replay or explain ${whole(records)} records`,
        wanted: 'under 30',
        reached: slowest.toFixed(1),
      },
      { what: 'MiB at most meanwhile', wanted: 'under 300', reached: mebibytes(most) },
    ],
    data: { records, bytes, runs },
  }
}
