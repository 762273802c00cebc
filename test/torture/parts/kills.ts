import { setTimeout as wait } from 'node:timers/promises'
import { Dice } from '../../soak/dice.ts'
import type { TortureFlags } from '../flags.ts'
import { killPlaces, phaseOf, type KillPlace } from '../kill-point.ts'
import { drawLifePlans, type LifePlan } from '../life-plan.ts'
import type { Mutant } from '../mutant.ts'
import type { Rig } from '../rig.ts'
import type { ServiceProcess } from '../service-process.ts'
import type { Statuses } from '../service/message.ts'

/** What a run of kills did, beside what the rig remembers. */
export interface KillRun {
  /** Kills by what they hit: a named place, or a moment at random. */
  readonly kills: Readonly<Record<string, number>>
  /** Named places that no life was killed at, although each was tried. */
  readonly notPassed: readonly KillPlace[]
  /** From the start of the process, and from the opening of the file, to when submissions are taken. Milliseconds. */
  readonly readyMs: readonly number[]
  readonly openingMs: readonly number[]
  /** How long it took to deliver all once the faults were over; null when it did not come to that. */
  readonly drainMs: number | null
  readonly statuses: Statuses
  readonly killingMs: number
  readonly surprises: readonly string[]
}

/** A life that does not pass its place, in its start or after it, is killed then. */
const longestStartMs = 10_000
const longestLifeMs = 2_500
const beforeShutdownMs = 150
const longestDrainMs = 60_000

interface Tally {
  readonly kills: Record<string, number>
  readonly tried: Set<KillPlace>
  readonly hit: Set<KillPlace>
  readonly readyMs: number[]
  readonly openingMs: number[]
  readonly surprises: string[]
}

/** Kills the service again and again, then heals everything and lets it deliver what is left. */
export async function killAgainAndAgain(
  rig: Rig,
  flags: Pick<TortureFlags, 'kills' | 'seconds' | 'seed'>,
  mutant: Mutant | null = null,
): Promise<KillRun> {
  const tally: Tally = { kills: {}, tried: new Set(), hit: new Set(), readyMs: [], openingMs: [], surprises: [] }
  const startedAtMs = performance.now()
  for (const plan of drawLifePlans(new Dice(flags.seed, 'plans'))) {
    if (rig.deaths.length >= flags.kills || performance.now() - startedAtMs > flags.seconds * 1000) break
    await liveAndDie(rig, plan, mutant, tally)
  }
  const killingMs = performance.now() - startedAtMs
  const end = await liveToTheEnd(rig, tally)
  const notPassed = killPlaces.filter((place) => tally.tried.has(place) && !tally.hit.has(place))
  const { kills, readyMs, openingMs, surprises } = tally
  return { kills, notPassed, readyMs, openingMs, killingMs, surprises, ...end }
}

async function liveAndDie(rig: Rig, plan: LifePlan, mutant: Mutant | null, tally: Tally): Promise<void> {
  const startedAtMs = performance.now()
  const service = rig.live({ killAt: plan.type === 'place' ? plan.point : null, mutant })
  let inTime = true
  const killAfter = (lifeMs: number): NodeJS.Timeout =>
    setTimeout(() => {
      inTime = false
      service.kill()
    }, lifeMs)
  let timer = killAfter(plan.type === 'random' ? plan.afterMs : longestStartMs)
  if ((await takeUp(rig, service, startedAtMs, tally)) && plan.type === 'place') {
    clearTimeout(timer)
    timer = killAfter(longestLifeMs)
  }
  await rig.load.run(service, performance.now() + (isAtShutdown(plan) ? beforeShutdownMs : Infinity))
  if (isAtShutdown(plan)) await service.ask({ type: 'shutdown' })
  const { code, signal, stderr } = await service.ended
  clearTimeout(timer)
  if (signal !== 'SIGKILL') {
    tally.surprises.push(`a life ended by itself, with code ${String(code)} and signal ${String(signal)}: ${stderr}`)
  }
  note(plan, inTime, tally)
  rig.autopsy()
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

/** Whether it came so far as to take submissions. */
async function takeUp(rig: Rig, service: ServiceProcess, startedAtMs: number, tally: Tally): Promise<boolean> {
  const notice = await service.started
  if (notice === null) return false
  if (notice.type === 'notOpened') {
    tally.surprises.push(`the file was not opened: ${notice.message} (${notice.code}, ${String(notice.reason)})`)
    return false
  }
  tally.readyMs.push(performance.now() - startedAtMs)
  tally.openingMs.push(notice.openingMs)
  await rig.load.takeUp(service, notice.endpoints)
  return true
}

async function liveToTheEnd(rig: Rig, tally: Tally): Promise<Pick<KillRun, 'drainMs' | 'statuses'>> {
  await rig.receivers.heal()
  const startedAtMs = performance.now()
  const service = rig.live()
  let statuses: Statuses = { events: {}, endpoints: {} }
  let drainMs: number | null = null
  if (await takeUp(rig, service, startedAtMs, tally)) {
    drainMs = await drain(rig, service)
    const reply = await service.ask({ type: 'statuses' })
    if (reply?.type === 'statuses') statuses = reply.statuses
    await service.ask({ type: 'shutdown' })
  }
  const { code, signal, stderr } = await service.ended
  if (code !== 0) {
    tally.surprises.push(`the last life ended with code ${String(code)} and signal ${String(signal)}: ${stderr}`)
  }
  rig.autopsy()
  rig.deaths.pop() // it was none
  return { drainMs, statuses }
}

/** Resumes everyone again and again: what was in flight as all was healed may yet halt a line. */
async function drain(rig: Rig, service: ServiceProcess): Promise<number | null> {
  const startedAtMs = performance.now()
  let drained = false
  void service.ask({ type: 'drain' }).then((reply) => (drained = reply?.type === 'done'))
  while (!drained && !service.over && performance.now() - startedAtMs < longestDrainMs) {
    await rig.load.resumeAll(service)
    await wait(50)
  }
  return drained ? performance.now() - startedAtMs : null
}
