import { mkdirSync, mkdtempSync, existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chooseDriver } from '../../../src/sqlite/driver/choose-driver.ts'
import type { DriverName } from '../../../src/sqlite/driver/database.ts'
import { Dice } from '../../soak/dice.ts'
import { availableDriverNames } from '../../support/sqlite-drivers.ts'
import type { Violations } from '../judge.ts'
import type { LedgerSubmission } from '../ledger.ts'
import { powerMutants, type Mutant } from '../mutant.ts'
import { judgeDisk, powerRules, type DiskFaults } from '../power/judge-disk.ts'
import { drawLosses, type Loss } from '../power/losses.ts'
import { loseKeyFiles } from '../power/key-file-losses.ts'
import { recordLives, type RecordedLife } from '../power/record.ts'
import { allTold } from '../power/said.ts'
import { canTrace } from '../power/strace.ts'
import { byName, countBy, type Rows } from '../report.ts'
import { Rig } from '../rig.ts'
import type { PartResult, PartSettings } from './torture-part.ts'

const title = 'Power lost'
const lifeMs = 250
/** What a mutant is given to be noticed. */
const mutantLosses = 60

/** A disk in memory, where there is one: what is put there was never on a disk that lost its power. */
const fastFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Every disk that a loss of power may leave behind is drawn from the order of writes and syncs, and looked at by hookline. */
export async function torturedByPowerLoss(settings: PartSettings): Promise<PartResult> {
  if (!canTrace()) {
    const untried = ['strace is not here or may not be used: install it, or leave this part out with --only']
    return { title, rows: [], violations: { 'all that was to be tried was tried': untried } }
  }
  const { driver } = settings.flags
  const rows: Rows = []
  const violations: Record<string, string[]> = {}
  for (const name of driver === null ? availableDriverNames : [driver]) {
    const result = await loseWith(settings, name)
    rows.push(...result.rows)
    for (const [rule, texts] of Object.entries(result.violations)) (violations[rule] ??= []).push(...texts)
  }
  const { folder, programs, flags } = settings
  const keys = await loseKeyFiles(programs.keys, join(folder, 'keys'), fastFolder, new Dice(flags.seed, 'key file'))
  rows.push(['key file', `power lost ${keys.losses} times; ${keys.made} keys made, ${keys.revoked} of them revoked`])
  violations['keys come back as they were'] = [...keys.wrong]
  return { title, rows, violations }
}

async function loseWith(settings: PartSettings, driver: DriverName): Promise<{ rows: Rows; violations: Violations }> {
  const { seed, losses } = settings.flags
  const recording = await record(settings, driver, null)
  const broken: Record<string, string[]> = Object.fromEntries(powerRules.map((rule) => [rule, []]))
  const tried: Loss['fate'][] = []
  const drawn = drawLosses(recording.lives, losses, new Dice(seed, driver, 'losses'))
  for await (const { loss, faults } of judged(recording, drawn, driver)) {
    tried.push(loss.fate)
    for (const [rule, texts] of Object.entries(faults))
      broken[rule]?.push(...texts.map((text) => `${loss.name}: ${text}`))
  }
  const ops = recording.lives.flatMap((life) => life.ops)
  const rows: Rows = [
    ['driver', `${driver}, Node ${process.version}`],
    ['recorded', `${recording.lives.length} lives, calls ${byName(countBy(ops.map(({ type }) => type)))}`],
    ['submissions', byName(countBy(recording.submissions.map(({ fate }) => fate)))],
    ['power lost, and what was kept', byName(countBy(tried))],
    ['acknowledged events lost', String(broken['every acknowledged event is kept']?.length)],
  ]
  const unnoticed: string[] = []
  // The keys of a record are what its type says; Object.keys only does not know.
  for (const mutant of Object.keys(powerMutants) as (keyof typeof powerMutants)[]) {
    const noticedAt = await noticeMutant(settings, driver, mutant)
    rows.push([mutant, noticedAt === null ? 'breaks no rule' : `breaks at loss ${noticedAt}: ${powerMutants[mutant]}`])
    if (noticedAt === null) unnoticed.push(`a service that ${mutant} does not break: ${powerMutants[mutant]}`)
  }
  const untried = recording.submissions.some(({ fate }) => fate === 'acknowledged') ? [] : ['nothing was acknowledged']
  return {
    rows,
    violations: {
      ...broken,
      'a broken promise is noticed': unnoticed,
      'all that was to be tried was tried': untried,
    },
  }
}

/** At which loss, from 1, the rule that a mutant must break was broken; null when it never was. */
async function noticeMutant(
  settings: PartSettings,
  driver: DriverName,
  mutant: keyof typeof powerMutants,
): Promise<number | null> {
  const recording = await record(settings, driver, mutant)
  const drawn = drawLosses(recording.lives, mutantLosses, new Dice(settings.flags.seed, driver, mutant))
  let count = 0
  for await (const { faults } of judged(recording, drawn, driver)) {
    count += 1
    if ((faults[powerMutants[mutant]] ?? []).length > 0) return count
  }
  return null
}

interface Recording {
  readonly lives: readonly RecordedLife[]
  readonly submissions: readonly LedgerSubmission[]
}

async function record(
  { flags, programs, folder }: PartSettings,
  driver: DriverName,
  mutant: Mutant | null,
): Promise<Recording> {
  const { seed } = flags
  const own = join(folder, `${driver} ${mutant ?? 'as it is'}`.replaceAll(/[ :]/g, '-'))
  const logFolder = join(own, 'log')
  mkdirSync(logFolder, { recursive: true })
  const rig = await Rig.start({ programs, folder: own, logFolder, seed, driver })
  const lives = await recordLives(rig, new Dice(seed, 'recorded lives'), mutant, lifeMs)
  await rig.receivers.stop()
  return { lives, submissions: rig.ledger.submissions }
}

async function* judged(
  { lives, submissions }: Recording,
  losses: Iterable<Loss>,
  driverName: DriverName,
): AsyncGenerator<{ readonly loss: Loss; readonly faults: DiskFaults }, void> {
  const folder = mkdtempSync(join(fastFolder, 'hookline-power-'))
  const driver = chooseDriver(driverName)
  const everTold = allTold(lives)
  try {
    for (const loss of losses) {
      yield {
        loss,
        faults: await judgeDisk({ disk: loss.disk, said: loss.said, everTold, submissions }, driver, folder),
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
