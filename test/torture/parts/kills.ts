import type { TortureFlags } from '../flags.ts'
import { killPlaces, phaseOf, type KillPlace } from '../kill-point.ts'
import type { LifePlan } from '../life-plan.ts'
import type { Mutant } from '../mutant.ts'
import type { Rig } from '../rig.ts'
import type { End } from '../service-process.ts'
import { liveToTheEnd, type LastLife } from './last-life.ts'
import { takeUp } from './take-up.ts'

/** What a run of kills did, beside what the rig remembers. */
export interface KillRun extends LastLife {
  /** Kills by what they hit: a named place, or a moment at random. */
  readonly kills: Readonly<Record<string, number>>
  /** Named places that no life was killed at, although each was tried. */
  readonly notPassed: readonly KillPlace[]
  /** From the start of the process, and from the opening of the file, to when submissions are taken. Milliseconds. */
  readonly readyMs: readonly number[]
  readonly openingMs: readonly number[]
  readonly killingMs: number
}

/** A life that does not pass its place, in its start or after it, is killed then. */
const longestStartMs = 10_000
const longestLifeMs = 3_000
const beforeShutdownMs = 150

interface Tally {
  readonly kills: Record<string, number>
  readonly tried: Set<KillPlace>
  readonly hit: Set<KillPlace>
  readonly readyMs: number[]
  readonly openingMs: number[]
  readonly surprises: string[]
}

export interface KillOrder extends Pick<TortureFlags, 'kills' | 'seconds'> {
  readonly plans: Iterable<LifePlan>
  readonly mutant: Mutant | null
}

/** Kills the service again and again, then heals everything and lets it deliver what is left. */
export async function killAgainAndAgain(rig: Rig, { kills, seconds, plans, mutant }: KillOrder): Promise<KillRun> {
  const tally: Tally = { kills: {}, tried: new Set(), hit: new Set(), readyMs: [], openingMs: [], surprises: [] }
  const startedAtMs = performance.now()
  for (const plan of plans) {
    if (rig.deaths.length >= kills || performance.now() - startedAtMs > seconds * 1000) break
    await liveAndDie(rig, plan, mutant, tally)
  }
  const killingMs = performance.now() - startedAtMs
  const { surprises, ...last } = await liveToTheEnd(rig)
  const notPassed = killPlaces.filter((place) => tally.tried.has(place) && !tally.hit.has(place))
  const { readyMs, openingMs } = tally
  return {
    kills: tally.kills,
    notPassed,
    readyMs,
    openingMs,
    killingMs,
    ...last,
    surprises: [...tally.surprises, ...surprises],
  }
}

async function liveAndDie(rig: Rig, plan: LifePlan, mutant: Mutant | null, tally: Tally): Promise<void> {
  const service = rig.live({ killAt: plan.type === 'place' ? plan.point : null, mutant })
  let inTime = true
  const killAfter = (lifeMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      inTime = false
      service.kill()
    }, lifeMs)
  const isEarly = plan.type === 'random' && plan.from === 'start'
  let timer = killAfter(isEarly ? plan.afterMs : longestStartMs)
  const start = await takeUp(rig, service)
  if (start.type === 'ready') {
    tally.readyMs.push(start.readyMs)
    tally.openingMs.push(start.openingMs)
    if (!isEarly) {
      clearTimeout(timer)
      timer = killAfter(plan.type === 'random' ? plan.afterMs : longestLifeMs)
    }
  } else if (start.type === 'notOpened') {
    tally.surprises.push(start.text)
  }
  await rig.load.run(service, performance.now() + (isAtShutdown(plan) ? beforeShutdownMs : Infinity))
  if (isAtShutdown(plan)) await service.ask({ type: 'shutdown' })
  const end = await service.ended
  clearTimeout(timer)
  if (end.signal === 'SIGKILL') {
    note(plan, inTime, tally)
    rig.autopsy()
  } else {
    endedByItself(plan, end, tally)
    rig.look('an orderly end')
  }
}

/** A kill within the closing of the file may come too late. */
function endedByItself(plan: LifePlan, { code, signal, stderr }: End, tally: Tally): void {
  if (isAtShutdown(plan) && code === 0) return
  tally.surprises.push(`a life ended by itself, with code ${String(code)} and signal ${String(signal)}: ${stderr}`)
}

function isAtShutdown(plan: LifePlan): boolean {
  return plan.type === 'place' && phaseOf(plan.point.place) === 'close'
}

function note(plan: LifePlan, inTime: boolean, tally: Tally): void {
  const place = plan.type === 'place' ? plan.point.place : null
  const name = place === null || !inTime ? 'at a random moment' : place
  tally.kills[name] = (tally.kills[name] ?? 0) + 1
  if (place === null) return
  tally.tried.add(place)
  if (inTime) tally.hit.add(place)
}
