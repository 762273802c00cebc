// What the simulator's worlds leave behind is the strangest there is to read: crashes, restarts, refusals, retention.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { explainRecorded } from '../../src/recorded/explain-recorded.ts'
import { explanationSentences } from '../../src/recorded/explanation-sentences.ts'
import { jsonlSource } from '../../src/recorded/jsonl-file.ts'
import { RecordedLog } from '../../src/recorded/recorded-log.ts'
import { simulate } from '../../src/testing/index.ts'
import { Policy } from '../../src/what-if/policy.ts'
import { whatIf } from '../../src/what-if/what-if.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookline-simulated-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** 20000 removed an endpoint whose line a dead letter held. */
const seeds = Array.from({ length: 20 }, (_, index) => 20_000 + index)

describe.each(seeds)('the log of seed %i', (seed) => {
  const path = join(folder, `${seed}.jsonl`)

  test('is read to its end, and every event of it explained at any moment', async () => {
    const { log: records } = await simulate({ seed })
    writeFileSync(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    const log = await RecordedLog.open(path)
    expect([log.problem, log.length]).toEqual([null, records.length])
    for (const share of [0.5, 1]) {
      const state = log.stateAt({ seq: log.seqAt(Math.floor((records.length - 1) * share)) })
      for (const { eventId } of state.events({ limit: 100 }).events) {
        const text = explanationSentences(explainRecorded(state, eventId)).join('\n')
        expect(text).toContain(eventId)
        expect(text).not.toMatch(/NaN|undefined|Invalid|-\d+ ms/)
      }
    }
    log.close()
  })

  test('can be run again under another policy', async () => {
    const policy = new Policy({ retry: { maxAttempts: 3 } })
    const run = { log: jsonlSource(path), policy, recordedUnder: new Policy({}), seed: 1, onProgress: () => undefined }
    const { recorded, whatIf: tried } = await whatIf(run)
    expect((tried?.total.events ?? 0) + (tried?.refused ?? 0)).toBe(recorded.total.events)
  })
})
