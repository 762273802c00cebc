// Sequences of calls, valid, nearly valid and not at all, and what no answer to them may be.
import fc from 'fast-check'
import { readApiDocument } from './api-document.ts'
import { FuzzedServer } from './fuzzed-server.ts'
import { callsOf } from './generated-call.ts'
import type { GeneratedCall } from './generated-call.ts'

export interface FuzzOptions {
  readonly runs: number
  readonly seed: number
}

export interface FuzzReport {
  /** How many answers of each operation there were, by status: `getStats 200`. */
  readonly answers: ReadonlyMap<string, number>
}

const callsInRun = 80

/**
 * Rejects with the shortest sequence after which an answer was not as documented.
 *
 * @param options.runs sequences, each on a server of its own
 */
export async function fuzz({ runs, seed }: FuzzOptions): Promise<FuzzReport> {
  const described = await FuzzedServer.start()
  const document = await readApiDocument(described.server)
  await described.stop()
  const answers = new Map<string, number>()
  const sequences = fc.array(callsOf(document), { minLength: 1, maxLength: callsInRun, size: 'max' })
  const property = fc.asyncProperty(sequences, async (calls) => {
    const fuzzed = await FuzzedServer.start()
    try {
      for (const call of calls) {
        const answer = await fuzzed.answer(call)
        const name = `${call.operation.operationId} ${answer.status}`
        answers.set(name, (answers.get(name) ?? 0) + 1)
        const wrong = document.judge(call.operation, answer)
        const faults = fuzzed.takeFaults()
        if (wrong !== null || faults.length > 0)
          throw new Error(describe(call, wrong, answer.text), { cause: faults[0] })
      }
    } finally {
      await fuzzed.stop()
    }
  })
  await fc.assert(property, { numRuns: runs, seed, interruptAfterTimeLimit: 0x7fffffff })
  return { answers }
}

function describe({ operation, body }: GeneratedCall, wrong: string | null, text: string): string {
  const sent = JSON.stringify(body)?.slice(0, 500)
  return `${operation.method} ${operation.path}: ${wrong ?? 'a fault'}\nsent: ${sent}\nanswered: ${text.slice(0, 500)}`
}
