import { judge, type Violations } from '../judge.ts'
import { killRows, type Rows } from '../report.ts'
import { Rig } from '../rig.ts'
import { killAgainAndAgain } from './kills.ts'
import type { PartSettings } from './torture-part.ts'

export async function torturedByKills({ flags, programs, folder }: PartSettings): Promise<{ rows: Rows; violations: Violations }> {
  const rig = await Rig.start({ programs, folder, seed: flags.seed, driver: flags.driver })
  const run = await killAgainAndAgain(rig, flags)
  const evidence = await rig.gather()
  const violations = judge(evidence, {
    surprises: [...run.surprises, ...rig.ledger.surprises],
    archiveWrong: rig.archive.wrong,
    statuses: run.statuses,
    drained: run.drainMs !== null,
    untried: run.notPassed.map((place) => `no life was killed at: ${place}`),
  })
  return { rows: killRows(run, evidence, rig), violations }
}
