// `hookline simulate`: a recorded log run again under another policy; or whole simulated worlds, checked.
import { InvalidArgumentError } from 'commander'
import { CallError } from '../call-error.ts'
import type { AddCommand } from '../program.ts'
import { simulateLog } from '../simulate/simulate-log.ts'
import { simulateSeeds } from '../simulate/simulate-seeds.ts'

interface SimulateOptions {
  readonly log?: string
  readonly policy?: string
  readonly recordedPolicy?: string
  readonly byEndpoint?: boolean
  readonly seed?: number
  readonly seeds?: number
  readonly json?: boolean
}

const notes = `
With --log: the recorded submissions and endpoints again, through the same engine on a virtual clock. A policy is a JSON
file with any of these, named and meant as the options of hookline:
  retry, retryPolicies, rateLimit, concurrency, timeoutMs   of the service
  endpoint       { retry, rateLimit, breaker, concurrency, ordering, whenExhausted, autoDisable, timeoutMs } for all
  endpoints      { "ep_…": { the same, for one endpoint } }
What it does not say is hookline's default. Ordering and held lines are as recorded, unless it says otherwise.

With --seed and no log: worlds drawn from seeds, with endpoints that fail, faults and crashes; what hookline promises is
checked in each, and a broken promise ends it with 1.

Examples:
  hookline simulate --log yesterday.jsonl --policy patient.json
  hookline simulate --log yesterday.jsonl --policy patient.json --recorded-policy current.json --by-endpoint
  hookline simulate --log yesterday.jsonl          the control run alone: how far the model is from the record
  hookline simulate --seed 1 --seeds 100           a hundred simulated worlds`

export const addSimulate: AddCommand = (program, terminal, end) => {
  program
    .command('simulate')
    .description('Run a recorded log again under another policy, or simulate whole worlds and check them.')
    .option('--log <file>', 'the recorded log: JSONL (- reads standard input), or a file of sqliteLog')
    .option('--policy <file>', 'what to try')
    .option('--recorded-policy <file>', "what the log was recorded under (default: hookline's defaults)")
    .option('--by-endpoint', 'show each endpoint too')
    .option(
      '--seed <number>',
      'decides the jitter (default: 1), or the world; the same seed gives the same',
      wholeNumber,
    )
    .option('--seeds <count>', 'how many worlds, from --seed on (default: 1)', wholeNumber)
    .option('--json', 'print everything as JSON')
    .addHelpText('after', notes)
    .action(async (options: SimulateOptions) => {
      refuseMixture(options)
      const { log, policy, recordedPolicy, byEndpoint = false, seed = 1, seeds = 1, json = false } = options
      end(
        log === undefined
          ? await simulateSeeds(terminal, { from: seed, count: seeds, json })
          : await simulateLog(terminal, { log, policy, recordedPolicy, byEndpoint, seed, json }),
      )
    })
}

/** Each of the two ways has options that mean nothing to the other. */
function refuseMixture({ log, policy, recordedPolicy, byEndpoint, seed, seeds }: SimulateOptions): void {
  if (log !== undefined) {
    if (seeds === undefined) return
    throw new CallError('simulate: --seeds is for worlds drawn from seeds; a log (--log) is run once, with --seed')
  }
  if (policy !== undefined || recordedPolicy !== undefined || byEndpoint === true) {
    throw new CallError('simulate: --log FILE says which recorded log the policy is to be tried on')
  }
  if (seed !== undefined || seeds !== undefined) return
  throw new CallError(
    'simulate: give --log FILE (a recorded log under another policy) or --seed NUMBER (a simulated world)',
  )
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('It must be a whole number, 0 or more.')
}
