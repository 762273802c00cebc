import { rmSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { HooklineError, type LogRecord } from '../../../src/index.ts'
import { DatabaseError, type Driver } from '../../../src/sqlite/driver/database.ts'
import { checkOrder } from '../../soak/rules/order.ts'
import { gatherEvidence } from '../evidence.ts'
import { copyLogFile, readFileRecords, type ReadFile } from '../file-records.ts'
import type { LedgerSubmission } from '../ledger.ts'
import { checkAcknowledged } from '../rules/acknowledged.ts'
import { checkInterrupted } from '../rules/interrupted.ts'
import { checkInvented } from '../rules/invented.ts'
import { checkPlaces } from '../rules/places.ts'
import { checkSettled } from '../rules/settled.ts'
import { openAttempts, restart, type Restart } from './restart.ts'
import type { Said } from './said.ts'

export const powerRules = [
  'every acknowledged event is kept',
  'every record that anyone was told of is kept, unchanged',
  'every request that was sent is in the log',
  'endpoints come back as they were',
  'nothing is invented, and no batch is half there',
  '`hookline verify` finds nothing',
  'the service starts',
  'what was in flight is recorded as interrupted',
  'what is left is delivered, in order',
] as const

export type PowerRule = (typeof powerRules)[number]
/** What a disk breaks, by rule. */
export type DiskFaults = Partial<Record<PowerRule, readonly string[]>>

export interface DiskCase {
  /** The content of the files, by their path at the time. */
  readonly disk: ReadonlyMap<string, Buffer>
  /** What anyone knew when the power was lost. */
  readonly said: Said
  /** Every record that was ever told, then or later, by its number. */
  readonly everTold: ReadonlyMap<number, string>
  /** As the controller knew them in the end. */
  readonly submissions: readonly LedgerSubmission[]
}

/** Puts the files of `disk` into `folder`, and holds what hookline finds there against what was known. */
export async function judgeDisk(
  { disk, said, everTold, submissions }: DiskCase,
  driver: Driver,
  folder: string,
): Promise<DiskFaults> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [path, content] of disk) writeFileSync(join(folder, basename(path)), content)
  const path = join(folder, 'hooks.db')
  const copy = copyLogFile(path, join(folder, 'copy'))
  const file = copy === null ? nothing : await tried(() => readFileRecords(driver, copy))
  if (typeof file === 'string') return { '`hookline verify` finds nothing': [file] }
  const restarted = await tried(() => restart(path, driver.name))
  const known = {
    'every record that anyone was told of is kept, unchanged': checkTold(file, said, everTold),
    'every request that was sent is in the log': checkSent(file, said),
    '`hookline verify` finds nothing': file.wrong,
  }
  if (typeof restarted === 'string') return { ...known, 'the service starts': [restarted] }
  return { ...known, ...checkRestart(restarted, file, said, submissions) }
}

const nothing: ReadFile = { lines: new Map(), lastSeq: 0, wrong: [] }

/** What it throws, as text, where that is about the file. */
async function tried<T>(act: () => T | Promise<T>): Promise<T | string> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof HooklineError || error instanceof DatabaseError) return error.message
    throw error
  }
}

function checkRestart(
  { records, versions, drained }: Restart,
  file: ReadFile,
  said: Said,
  submissions: readonly LedgerSubmission[],
): DiskFaults {
  const before = Array.from(file.lines.values(), (line) => JSON.parse(line) as LogRecord)
  const evidence = gatherEvidence({
    submissions: submissions.map((submission) => ({ ...submission, fate: fateOf(submission, said) })),
    redelivered: said.redelivered,
    deaths: [{ lastSeq: file.lastSeq, open: openAttempts(before) }],
    deeds: [],
    arrivals: [],
    records,
  })
  return {
    'every acknowledged event is kept': checkAcknowledged(evidence),
    'endpoints come back as they were': checkVersions(versions, said),
    'nothing is invented, and no batch is half there': checkInvented(evidence),
    'what was in flight is recorded as interrupted': checkInterrupted(evidence),
    'what is left is delivered, in order': [
      ...(drained ? checkSettled(evidence) : ['not everything was settled']),
      ...checkOrder(evidence.facts),
      ...checkPlaces(evidence),
    ],
  }
}

/** What the controller knew then. */
function fateOf({ eventId, fate }: LedgerSubmission, said: Said): LedgerSubmission['fate'] {
  if (fate === 'refused') return fate
  return eventId !== null && said.acknowledged.has(eventId) ? 'acknowledged' : 'unknown'
}

function checkTold({ lines }: ReadFile, said: Said, everTold: DiskCase['everTold']): string[] {
  const wrong: string[] = []
  for (const seq of said.told.keys()) if (!lines.has(seq)) wrong.push(`record ${seq} was told, and is lost`)
  for (const [seq, line] of lines) {
    const told = everTold.get(seq)
    if (told !== undefined && told !== line) wrong.push(`record ${seq} is ${line}, and ${told} was told`)
  }
  return wrong
}

function checkSent({ lines }: ReadFile, { requests }: Said): string[] {
  const started = new Set<string>()
  for (const line of lines.values()) {
    const record = JSON.parse(line) as LogRecord
    if (record.event.type === 'attempt.started' && 'eventId' in record)
      started.add(`${record.eventId} ${record.attempts}`)
  }
  return requests
    .filter(({ eventId, attempt }) => !started.has(`${eventId} ${attempt}`))
    .map(({ eventId, attempt }) => `${eventId} attempt ${attempt} was sent, and its start is lost`)
}

/** An update that was not acknowledged yet may be there. */
function checkVersions(versions: Restart['versions'], said: Said): string[] {
  return Array.from(said.versions).flatMap(([endpointId, version]) => {
    const found = versions.get(endpointId)
    if (found === undefined) return [`${endpointId} was registered, and is lost`]
    return found >= version ? [] : [`${endpointId} came back with version ${found}, not ${version}`]
  })
}
