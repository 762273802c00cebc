import { join } from 'node:path'
import { Dice } from '../../soak/dice.ts'
import { judge, type Violations } from '../judge.ts'
import type { LifePlan } from '../life-plan.ts'
import { mutants, type Mutant } from '../mutant.ts'
import type { Rows } from '../report.ts'
import { Rig } from '../rig.ts'
import { killAgainAndAgain } from './kills.ts'
import type { PartResult, PartSettings } from './torture-part.ts'

const killsEach = 6

/** A service that breaks a promise must break a rule: else the rules prove nothing. */
export async function torturedMutants(settings: PartSettings): Promise<PartResult> {
  const rows: [string, string][] = []
  const unnoticed: string[] = []
  // The keys of a record are what its type says; Object.keys only does not know.
  for (const mutant of Object.keys(mutants) as (keyof typeof mutants)[]) {
    const violations = await judgeMutant(settings, mutant)
    const broken = Object.keys(violations).filter((rule) => (violations[rule] ?? []).length > 0)
    rows.push([mutant, broken.length === 0 ? 'breaks no rule' : `breaks: ${broken.join(', ')}`])
    if (!broken.includes(mutants[mutant])) unnoticed.push(`a service that ${mutant} does not break: ${mutants[mutant]}`)
  }
  const all: Rows = [
    ...rows,
    ['does not sync', 'seen when power is lost: what a killed process has written stays written'],
  ]
  return { title: 'Promises switched off', rows: all, violations: { 'a broken promise is noticed': unnoticed } }
}

async function judgeMutant({ flags, programs, folder }: PartSettings, mutant: Mutant): Promise<Violations> {
  const { seed, driver } = flags
  const rig = await Rig.start({ programs, folder: join(folder, mutant.replaceAll(' ', '-')), seed, driver })
  const plans = beforeCommits(new Dice(seed, mutant))
  const run = await killAgainAndAgain(rig, { kills: killsEach, seconds: flags.seconds, plans, mutant })
  return judge(await rig.gather(), {
    surprises: [...run.surprises, ...rig.ledger.surprises],
    archiveWrong: rig.archive.wrong,
    statuses: run.statuses,
    drained: run.drainMs !== null,
    untried: [],
  })
}

/** Where a promise that was given too early is not kept. */
function* beforeCommits(dice: Dice): Generator<LifePlan, never> {
  for (;;) {
    const passing = dice.whole(5, 20)
    yield { type: 'place', point: { place: 'group: before COMMIT', passing, delayMicros: 0 } }
  }
}
