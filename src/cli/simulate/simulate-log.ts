import { InvalidOptionError } from '../../errors/errors.ts'
import { whatIf } from '../../what-if/what-if.ts'
import type { WhatIf, WhatIfOptions, WhatIfProgress } from '../../what-if/what-if.ts'
import { CallError } from '../call-error.ts'
import { tellProblem } from '../commands/recorded-file.ts'
import type { ExitCode } from '../exit-code.ts'
import { openRecordFile } from '../logs/log-file.ts'
import { readPolicyFile } from './policy-file.ts'
import { Progress } from '../progress.ts'
import type { Terminal } from '../terminal.ts'
import { whatIfJson } from './what-if-json.ts'
import { whatIfReport } from './what-if-report.ts'

interface SimulateLogOptions {
  readonly log: string
  /** Files; undefined: none, and hookline's defaults. */
  readonly policy: string | undefined
  readonly recordedPolicy: string | undefined
  readonly byEndpoint: boolean
  readonly seed: number
  readonly json: boolean
}

/** Runs a recorded log again and prints what came of it. */
export async function simulateLog(terminal: Terminal, options: SimulateLogOptions): Promise<ExitCode> {
  const { log, byEndpoint, seed, json } = options
  const policy = options.policy === undefined ? null : await readPolicyFile(options.policy)
  const recordedUnder = await readPolicyFile(options.recordedPolicy ?? null)
  const file = await openRecordFile(log)
  const result = await run(terminal, { log: file, policy, recordedUnder, seed }).finally(() => file.close())
  const code = tellProblem(result, terminal)
  terminal.print(json ? whatIfJson(result, seed) : whatIfReport(result, { byEndpoint, colors: terminal.colors }))
  return code
}

async function run(terminal: Terminal, input: Omit<WhatIfOptions, 'onProgress'>): Promise<WhatIf> {
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
  const what = step.doing === 'control' ? 'the control run' : 'the what-if run'
  return `${what}: ${Math.floor((100 * step.done) / Math.max(step.of, 1))} %`
}
