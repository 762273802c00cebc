// `hookline simulate`: what would have come of a recorded log under another policy.
import { InvalidArgumentError } from 'commander'
import { InvalidOptionError } from '../../errors/errors.ts'
import { whatIf } from '../../what-if/what-if.ts'
import type { WhatIf, WhatIfProgress } from '../../what-if/what-if.ts'
import { CallError } from '../call-error.ts'
import { readPolicyFile } from '../policy-file.ts'
import { Progress } from '../progress.ts'
import type { AddCommand } from '../program.ts'
import type { Terminal } from '../terminal.ts'
import { whatIfJson } from '../what-if-json.ts'
import { whatIfReport } from '../what-if-report.ts'

interface SimulateOptions {
  readonly log?: string
  readonly policy?: string
  readonly recordedPolicy?: string
  readonly byEndpoint?: boolean
  readonly seed: number
  readonly json?: boolean
}

const mostSeed = 2 ** 32 - 1

const notes = `
A policy is a JSON file with any of these, named and meant as the options of hookline:
  retry, retryPolicies, rateLimit, concurrency, timeoutMs   of the service
  endpoint       { retry, rateLimit, breaker, concurrency, ordering, whenExhausted, autoDisable, timeoutMs } for all
  endpoints      { "ep_…": { the same, for one endpoint } }
What it does not say is hookline's default. Ordering and held lines are as recorded, unless it says otherwise.

Examples:
  hookline simulate --log yesterday.jsonl --policy patient.json
  hookline simulate --log yesterday.jsonl --policy patient.json --recorded-policy current.json --by-endpoint
  hookline simulate --log yesterday.jsonl          the control run alone: how far the model is from the record`

export const addSimulate: AddCommand = (program, terminal) => {
  program
    .command('simulate')
    .description('Run a recorded log again under another retry schedule, rate limit, breaker or concurrency.')
    .option('--log <file>', 'the recorded log, JSONL; - reads standard input')
    .option('--policy <file>', 'what to try')
    .option('--recorded-policy <file>', "what the log was recorded under (default: hookline's defaults)")
    .option('--by-endpoint', 'show each endpoint too')
    .option('--seed <number>', 'decides the jitter; the same seed gives the same result', readSeed, 1)
    .option('--json', 'print everything as JSON')
    .addHelpText('after', notes)
    .action(async (options: SimulateOptions) => {
      const { log, policy, recordedPolicy, byEndpoint = false, json = false, seed } = options
      if (log === undefined) throw new CallError('simulate: --log FILE says which recorded log to run again')
      const tried = policy === undefined ? null : await readPolicyFile(policy)
      const recordedUnder = await readPolicyFile(recordedPolicy ?? null)
      const result = await runWhatIf(terminal, { path: log, policy: tried, recordedUnder, seed })
      if (result.problem !== null) terminal.note(`hookline: ${result.problem.message}`)
      terminal.print(json ? whatIfJson(result, seed) : whatIfReport(result, { byEndpoint, colors: terminal.colors }))
    })
}

type WhatIfInput = Omit<Parameters<typeof whatIf>[0], 'onProgress'>

async function runWhatIf(terminal: Terminal, input: WhatIfInput): Promise<WhatIf> {
  const progress = new Progress(terminal)
  try {
    return await whatIf({ ...input, onProgress: (step) => progress.tell(() => progressLine(step)) })
  } catch (error) {
    // What a policy asks for may be wrong only for an endpoint that the log has.
    throw error instanceof InvalidOptionError ? new CallError(`policy: ${error.message}`) : error
  } finally {
    progress.end()
  }
}

function progressLine(step: WhatIfProgress): string {
  if (step.doing === 'reading') return `reading the log: ${Math.floor(step.bytes / 1e6)} MB`
  const run = step.doing === 'control' ? 'the control run' : 'the what-if run'
  return `${run}: ${Math.floor((100 * step.done) / Math.max(step.of, 1))} %`
}

function readSeed(text: string): number {
  const seed = Number(text)
  if (/^\d+$/.test(text) && seed <= mostSeed) return seed
  throw new InvalidArgumentError(`A seed is a whole number from 0 to ${mostSeed}.`)
}
