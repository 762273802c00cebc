// Sequences of calls, valid, nearly valid and not at all, and what no answer to them may be.
import fc from 'fast-check'
import { readApiDocument } from './api-document.ts'
import type { ApiDocument } from './api-document.ts'
import { FuzzedServer } from './fuzzed-server.ts'
import { plainWorld, worlds } from './fuzzed-world.ts'
import type { FuzzedWorld } from './fuzzed-world.ts'
import { callsOf } from './generated-call.ts'
import type { GeneratedCall } from './generated-call.ts'

export interface FuzzOptions {
  readonly runs: number
  readonly seed: number
}

export interface FuzzReport {
  /** How many answers of each operation there were, by status: `getStats 200`. */
  readonly answers: ReadonlyMap<string, number>
  /** How many errors of each code there were, by status: `413 BODY_TOO_LARGE`. */
  readonly errors: ReadonlyMap<string, number>
  /** Steps that live streams have shown. */
  readonly steps: number
  /** What the document says that there may be, in the form of `answers`. */
  readonly promised: readonly string[]
}

const callsInRun = 80

/**
 * Rejects with the shortest sequence after which an answer was not as documented.
 *
 * @param options.runs sequences, each on a server of its own
 */
export async function fuzz({ runs, seed }: FuzzOptions): Promise<FuzzReport> {
  const described = await FuzzedServer.start(plainWorld)
  const document = await readApiDocument(described.server)
  await described.stop()
  const tally = new Tally()
  const sequences = fc.array(callsOf(document), { minLength: 1, maxLength: callsInRun, size: 'max' })
  const property = fc.asyncProperty(worlds, sequences, (world, calls) => run(document, { world, calls }, tally))
  await fc.assert(property, { numRuns: runs, seed, interruptAfterTimeLimit: 0x7fffffff })
  const promised = document.operations.flatMap(({ operationId, responses }) =>
    Object.keys(responses).map((status) => `${operationId} ${status}`),
  )
  return { answers: tally.answers, errors: tally.errors, steps: tally.steps, promised }
}

class Tally {
  readonly answers = new Map<string, number>()
  readonly errors = new Map<string, number>()
  steps = 0

  add(operationId: string, status: number, text: string): void {
    count(this.answers, `${operationId} ${status}`)
    const code = status < 400 ? undefined : /"code":"([A-Z_]+)"/.exec(text)?.[1]
    if (code !== undefined) count(this.errors, `${status} ${code}`)
  }
}

interface Sequence {
  readonly world: FuzzedWorld
  readonly calls: readonly GeneratedCall[]
}

async function run(document: ApiDocument, { world, calls }: Sequence, tally: Tally): Promise<void> {
  const fuzzed = await FuzzedServer.start(world)
  try {
    for (const [index, call] of calls.entries()) {
      if (index > 0 && index === calls.length - world.lateCalls) await fuzzed.retire()
      const answer = await fuzzed.answer(call)
      tally.add(call.operation.operationId, answer.status, answer.text)
      const wrong = document.judge(call.operation, answer) ?? (await fuzzed.streams.pass())
      const faults = fuzzed.takeFaults()
      if (wrong !== null || faults.length > 0) throw new Error(describe(call, wrong, answer.text), { cause: faults[0] })
    }
    const wrong = fuzzed.streams.end()
    if (wrong !== null) throw new Error(wrong)
    tally.steps += fuzzed.streams.steps
  } finally {
    await fuzzed.stop()
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function describe({ operation, body }: GeneratedCall, wrong: string | null, text: string): string {
  const sent = JSON.stringify(body)?.slice(0, 500)
  return `${operation.method} ${operation.path}: ${wrong ?? 'a fault'}\nsent: ${sent}\nanswered: ${text.slice(0, 500)}`
}
