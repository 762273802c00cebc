import { InvalidOptionError } from '../errors/errors.ts'
import type { LogProblem } from '../recorded/log-problem.ts'
import type { RecordSource } from '../recorded/record-file.ts'
import type { Figures } from './figures.ts'
import type { Policy } from './policy.ts'
import type { Recording } from './recording.ts'
import { readRecording } from './read-recording.ts'
import { runPolicy } from './run-policy.ts'

const mostShown = 5

export interface WhatIfOptions {
  readonly log: RecordSource
  /** Null: the control run alone. */
  readonly policy: Policy | null
  /** What the log was recorded under; the control run is made with it. */
  readonly recordedUnder: Policy
  /** Decides the jitter. Whole, 0 to 2^53-1. */
  readonly seed: number
  readonly onProgress: (progress: WhatIfProgress) => void
}

/** What is being done, and how much of it is done. */
export type WhatIfProgress =
  | { readonly doing: 'reading'; readonly bytes: number }
  | { readonly doing: 'control' | 'what-if'; readonly done: number; readonly of: number }

/** Of all events, and of those of each endpoint by its id. */
export interface Outcome {
  readonly total: Figures
  readonly endpoints: ReadonlyMap<string, Figures>
  /** Submissions to an endpoint that was disabled by then; always 0 in a record. */
  readonly refused: number
}

/** A recorded log beside what would have come of it. */
export interface WhatIf {
  readonly recorded: Outcome
  /** The same under the policy it was recorded under: how far the model is from what happened. */
  readonly control: Outcome
  /** Null when there was no other policy. */
  readonly whatIf: Outcome | null
  readonly records: number
  readonly problem: LogProblem | null
  /** How many answers are taken to have asked for a pause (`Retry-After`). */
  readonly retryAfters: number
  /** Endpoints with no recorded attempt, which are taken to accept everything at once. */
  readonly unknownEndpoints: number
}

/**
 * Runs the submissions of a recorded log again, through the real service on a virtual clock, against endpoints that behave as they
 * did when it was recorded.
 *
 * @throws InvalidOptionError when a policy does not fit the log's endpoints, and what is thrown when the log cannot
 *   be read
 */
export async function whatIf({ log, policy, recordedUnder, seed, onProgress }: WhatIfOptions): Promise<WhatIf> {
  const { recording, problem } = await readRecording(log, recordedUnder, (bytes) =>
    onProgress({ doing: 'reading', bytes }),
  )
  for (const under of [recordedUnder, policy]) if (under !== null) checkEndpoints(under, recording)
  const run = async (doing: 'control' | 'what-if', under: Policy): Promise<Outcome> => {
    const of = recording.happenings.length
    const { tally, refused } = await runPolicy(recording, under, seed, (done) => onProgress({ doing, done, of }))
    return { total: tally.total(), endpoints: tally.byEndpoint(), refused }
  }
  return {
    recorded: { total: recording.tally.total(), endpoints: recording.tally.byEndpoint(), refused: 0 },
    control: await run('control', recordedUnder),
    whatIf: policy === null ? null : await run('what-if', policy),
    records: recording.records,
    problem,
    retryAfters: recording.retryAfters,
    unknownEndpoints: countUnknown(recording),
  }
}

function checkEndpoints(policy: Policy, { endpoints }: Recording): void {
  const known = new Set(endpoints.map(({ endpointId }) => endpointId))
  for (const endpointId of policy.endpointIds) {
    if (known.has(endpointId)) continue
    const some = [...known].slice(0, mostShown).join(', ')
    const rest = known.size > mostShown ? `, and ${known.size - mostShown} more` : ''
    const message = `endpoints.${endpointId} is no endpoint of the log; it has ${some === '' ? 'none' : some}${rest}`
    throw new InvalidOptionError(message, `endpoints.${endpointId}`, endpointId)
  }
}

function countUnknown({ endpoints }: Recording): number {
  return endpoints.filter(({ history }) => history.size === 0).length
}
