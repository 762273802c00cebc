// Runs lives of the service under strace, and keeps all that they did to their file and said to anyone, in the order in which
// they did it.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Dice } from '../../soak/dice.ts'
import type { KillPoint } from '../kill-point.ts'
import type { Mutant } from '../mutant.ts'
import { takeUp } from '../parts/take-up.ts'
import type { Rig } from '../rig.ts'
import type { ServiceProcess, UnnumberedOrder } from '../service-process.ts'
import type { TracedOp } from './disk-op.ts'
import { readTrace, straceLauncher } from './strace.ts'

/** What one life of the service did. */
export interface RecordedLife {
  readonly ops: readonly TracedOp[]
  /** What it was asked, by the number of the call. */
  readonly orders: ReadonlyMap<number, UnnumberedOrder>
}

/** Under strace a life goes more slowly. */
const longestLifeMs = 20_000

/** Three lives on one file: the first makes it and is killed, the others come to their end, and close it. */
export async function recordLives(
  rig: Rig,
  dice: Dice,
  mutant: Mutant | null,
  lifeMs: number,
): Promise<RecordedLife[]> {
  const killAt: KillPoint = { place: 'step: appended, not committed', passing: dice.whole(80, 160), delayMicros: 0 }
  return [
    await recordLife(rig, 1, { killAt, mutant, untilMs: longestLifeMs }),
    await recordLife(rig, 2, { killAt: null, mutant, untilMs: lifeMs }),
    await recordLife(rig, 3, { killAt: null, mutant, untilMs: lifeMs }),
  ]
}

interface LifeToRecord {
  readonly killAt: KillPoint | null
  readonly mutant: Mutant | null
  readonly untilMs: number
}

async function recordLife(rig: Rig, life: number, { killAt, mutant, untilMs }: LifeToRecord): Promise<RecordedLife> {
  const folder = join(rig.folder, `trace-${life}`)
  mkdirSync(folder)
  const service = rig.live({ killAt, mutant, keepsAll: true }, straceLauncher(folder))
  await takeUp(rig, service)
  await rig.load.run(service, performance.now() + untilMs)
  if (!service.over) await service.ask({ type: 'shutdown' })
  await endOf(service, killAt)
  const ops = readTrace(folder, rig.logFolder)
  rmSync(folder, { recursive: true })
  return { ops, orders: service.orders }
}

async function endOf(service: ServiceProcess, killAt: KillPoint | null): Promise<void> {
  const { code, signal, stderr } = await service.ended
  if (killAt === null ? code === 0 : signal === 'SIGKILL') return
  throw new Error(`a recorded life ended with code ${String(code)} and signal ${String(signal)}: ${stderr}`)
}
