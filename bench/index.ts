// The benchmark: hookline beside its floor and the usual recipe, and how its cost grows. It measures and prints; it
// judges nothing.
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import type { Findings, Surroundings } from './chapters/chapter.ts'
import { compare } from './chapters/compare.ts'
import { keepEverything } from './chapters/durable.ts'
import { growEndpoints } from './chapters/endpoints.ts'
import { hangSome } from './chapters/fairness.ts'
import { priceGuard } from './chapters/guard.ts'
import { watchMemory } from './chapters/memory.ts'
import { growPending } from './chapters/pending.ts'
import { replayLog } from './chapters/replay.ts'
import { restartService } from './chapters/restart.ts'
import { readFlags, usage, UsageError } from './flags.ts'
import type { Chapter, Flags } from './flags.ts'
import { buildPrograms } from './measure/build-programs.ts'
import { ChildProcesses } from './measure/child-processes.ts'
import { plans } from './plan.ts'
import { startReceiver } from './receivers/receiver.ts'
import { startRedis } from './receivers/redis.ts'
import { formatTable } from './report/table.ts'
import { wantedTable } from './report/wanted.ts'

const runs: Readonly<Record<Chapter, (surroundings: Surroundings) => Promise<Findings>>> = {
  compare,
  guard: priceGuard,
  endpoints: growEndpoints,
  pending: growPending,
  memory: watchMemory,
  fairness: hangSome,
  replay: replayLog,
  durable: keepEverything,
  restart: restartService,
}

async function main(flags: Flags): Promise<void> {
  const startedAt = performance.now()
  const processes = new ChildProcesses()
  const programs = await buildPrograms(processes)
  const surroundings: Surroundings = {
    processes,
    programs,
    flags,
    plan: plans[flags.pace],
    receiver: await startReceiver(processes, programs.receiver),
    otherReceiver: await startReceiver(processes, programs.receiver),
    redisPort: await startRedis(processes),
    progress: showProgress,
  }
  const machine = describeMachine(surroundings)
  console.log(machine.join('\n'))

  const findings: Record<string, Findings> = {}
  for (const chapter of flags.chapters) {
    const found = await runs[chapter](surroundings)
    findings[chapter] = found
    showProgress('')
    console.log(`\n${found.title}\n\n${formatTable(found.table)}`)
    for (const note of found.notes) console.log(`* ${note}`)
  }
  const wanted = Object.values(findings).flatMap((found) => found.wanted)
  console.log(
    `\nWanted and reached: medians of the rounds, with the least and the most\n\n${formatTable(wantedTable(wanted))}`,
  )
  console.log(`\n${Math.round((performance.now() - startedAt) / 1000)} s`)
  if (flags.jsonFile !== null) {
    const chapters = Object.fromEntries(
      Object.entries(findings).map(([chapter, { title, notes, data }]) => [chapter, { title, notes, data }]),
    )
    writeFileSync(flags.jsonFile, `${JSON.stringify({ machine, pace: flags.pace, wanted, chapters }, null, 2)}\n`)
  }
}

function describeMachine({ processes, receiver, redisPort }: Surroundings): readonly string[] {
  const cores = processes.pinned ? 'the sender on core 0, what serves it on core 1' : 'processes share the cores'
  return [
    `Node ${process.version} on ${process.platform} ${process.arch}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}; ${cores}`,
    `Receiver: ${receiver.description}. Redis for BullMQ: ${redisPort === null ? 'no redis-server found' : 'redis-server, nothing on disk'}`,
    'CPU is that of the sending process, all its threads, submission included. Ratios are taken within a round.',
  ]
}

function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${line}`)
}

try {
  const flags = readFlags(process.argv.slice(2))
  if (flags === null) console.log(usage)
  else await main(flags)
  process.exit(0)
} catch (error) {
  const isMisuse = error instanceof UsageError
  console.error(isMisuse ? `${error.message}\n\n${usage}` : error)
  process.exit(isMisuse ? 2 : 1)
}
