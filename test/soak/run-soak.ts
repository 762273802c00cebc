import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificate } from '../transport/hostile/certificate.ts'
import { gatherFacts, type Facts } from './facts.ts'
import type { SoakFlags } from './flags.ts'
import { live, type Remains } from './life.ts'
import { readProcessState, watchMishaps } from './process-state.ts'
import { Receivers } from './receivers/receivers.ts'
import { checkAccounting } from './rules/accounting.ts'
import { checkAnswers } from './rules/answers.ts'
import { checkArrivalOrder } from './rules/arrival-order.ts'
import { checkAttempts } from './rules/attempts.ts'
import { checkBounds, checkHeap } from './rules/bounds.ts'
import { checkDuplicates } from './rules/duplicates.ts'
import { checkFold } from './rules/fold.ts'
import { checkLeftovers, type Leftovers } from './rules/leftovers.ts'
import { checkOrder } from './rules/order.ts'
import { checkSignatures } from './rules/signatures.ts'

export interface SoakResult {
  readonly remains: Remains
  readonly left: Leftovers
  readonly facts: Facts
  /** What is wrong, by rule; every rule has its entry. */
  readonly violations: Readonly<Record<string, readonly string[]>>
}

/** Enough for what was closed to be gone: handles end in turns of the event loop, weak references in collections. */
const settlingTurns = 20

/** Runs a service on real sockets among faults, and judges what it did and what is left of it. */
export async function runSoak(flags: SoakFlags): Promise<SoakResult> {
  const mishaps = watchMishaps()
  const certificate = makeCertificate(['DNS:*.soak.test', 'IP:127.0.0.1'])
  const folder = mkdtempSync(join(tmpdir(), 'hookline-soak-'))
  const receivers = await Receivers.start(flags.seed, certificate)
  try {
    await settle()
    const before = readProcessState()
    const remains = await live(flags, receivers, certificate.cert, folder)
    await settle()
    const after = readProcessState()
    const held = Object.keys(remains.weak).filter((name) => remains.weak[name]?.deref() !== undefined)
    const left: Leftovers = { ...remains, before, after, held, mishaps }
    const { endpoints } = remains
    const [submitted, records] = [await remains.readSubmitted(), await remains.readRecords()]
    const facts = gatherFacts({ submitted, records, endpoints, received: await receivers.history() })
    return { remains, left, facts, violations: judge(remains, left, facts) }
  } finally {
    await receivers.stop()
    rmSync(folder, { recursive: true })
  }
}

function judge(remains: Remains, left: Leftovers, facts: Facts): SoakResult['violations'] {
  return {
    'everything settles once all is healed': remains.drained ? [] : ['the service did not drain in time'],
    'every event is accounted for': checkAccounting(facts),
    'delivered means answered 2xx by that very endpoint': checkAnswers(facts),
    'attempts are numbered, in the log first, sent once': checkAttempts(facts),
    'lines keep their order': checkOrder(facts),
    'receivers see the order': checkArrivalOrder(facts),
    'duplicates come from unknown ends alone': checkDuplicates(facts),
    'requests are signed and headed': checkSignatures(facts),
    'the log folds to the live state': checkFold(facts, remains.live),
    'calls are refused as documented': remains.surprises,
    'bounds hold': checkBounds(remains.gauges),
    'the heap stays flat': checkHeap(remains.heap),
    'nothing is left': checkLeftovers(left),
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < settlingTurns; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    globalThis.gc?.()
  }
}
