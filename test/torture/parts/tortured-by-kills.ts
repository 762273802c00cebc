import { Dice } from '../../soak/dice.ts'
import { judge } from '../judge.ts'
import { drawLifePlans } from '../life-plan.ts'
import { killRows } from '../report.ts'
import { Rig } from '../rig.ts'
import { killAgainAndAgain } from './kills.ts'
import type { PartResult, PartSettings } from './torture-part.ts'

/** Killed at every named place and at random moments. */
export async function torturedByKills({ flags, programs, folder }: PartSettings): Promise<PartResult> {
  const { seed, driver } = flags
  const rig = await Rig.start({ programs, folder, seed, driver, sealed: true })
  const run = await killAgainAndAgain(rig, { ...flags, plans: drawLifePlans(new Dice(seed, 'plans')), mutant: null })
  const evidence = await rig.gather()
  const { length } = evidence.deaths
  const tooFew = length < flags.kills ? [`${length} of ${flags.kills} kills were all there was time for`] : []
  const violations = judge(evidence, {
    surprises: [...run.surprises, ...rig.ledger.surprises],
    archiveWrong: rig.archive.wrong,
    statuses: run.statuses,
    drained: run.drainMs !== null,
    untried: [...tooFew, ...run.notPassed.map((place) => `no life was killed at: ${place}`)],
  })
  return { title: `Killed ${length} times`, rows: killRows(run, evidence, rig), violations }
}
