import { judge } from '../judge.ts'
import { evidenceRows } from '../report.ts'
import { Rig } from '../rig.ts'
import { endInOrder } from './last-life.ts'
import { takeUp } from './take-up.ts'
import type { PartResult, PartSettings } from './torture-part.ts'

const busyMs = 200

/** A second process is told that the file is in use, the first is not disturbed, and the file is free once that is dead. */
export async function torturedBySecondProcess({ flags, programs, folder }: PartSettings): Promise<PartResult> {
  const { seed, driver } = flags
  const rig = await Rig.start({ programs, folder, seed, driver })
  const wrong: string[] = []
  const first = rig.live()
  await takeUp(rig, first)
  const second = rig.live()
  const askedAtMs = performance.now()
  let told = false
  void second.started.then(() => (told = true))
  while (!told) await rig.load.run(first, performance.now() + busyMs)
  const toldMs = performance.now() - askedAtMs
  const notice = await second.started
  if (notice?.type !== 'notOpened' || notice.reason !== 'inUse') {
    wrong.push(`the second process was told ${JSON.stringify(notice)}, not that the file is in use`)
  }
  await second.ended
  const before = rig.archive.records.length
  await rig.load.run(first, performance.now() + busyMs)
  if (rig.archive.records.length === before) wrong.push('the first process stood still after the second had come')
  first.kill()
  await first.ended
  rig.autopsy()
  const third = rig.live()
  const start = await takeUp(rig, third)
  if (start.type !== 'ready') wrong.push('the file is not free after the death of the process that had it')
  const last = await endInOrder(rig, third)
  const evidence = await rig.gather()
  return {
    title: 'Two processes',
    rows: [['told so after', `${Math.round(toldMs)} ms`], ...evidenceRows(evidence, rig)],
    violations: {
      ...judge(evidence, {
        surprises: [...last.surprises, ...rig.ledger.surprises],
        archiveWrong: rig.archive.wrong,
        statuses: last.statuses,
        drained: last.drainMs !== null,
        untried: [],
      }),
      'one file, one process': wrong,
    },
  }
}
