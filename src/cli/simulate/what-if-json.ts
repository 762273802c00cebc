import { jsonText } from '../json-text.ts'
import type { Outcome, WhatIf } from '../../what-if/what-if.ts'

/** A what-if run as JSON: everything the report tells, and the figures of every endpoint. */
export function whatIfJson(result: WhatIf, seed: number): string {
  const { recorded, control, whatIf, records, problem, retryAfters, unknownEndpoints } = result
  const shown = {
    records,
    seed,
    problem,
    retryAfters,
    unknownEndpoints,
    recorded: plain(recorded),
    control: plain(control),
    whatIf: whatIf === null ? null : plain(whatIf),
  }
  return jsonText(shown)
}

function plain({ total, refused, endpoints }: Outcome): object {
  return { ...total, refused, endpoints: Object.fromEntries(endpoints) }
}
