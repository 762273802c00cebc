// Whether the endpoints' own records follow from one another, and the index names the latest configuration of each.
import { DivergenceError } from '../../errors/errors.ts'
import { HooklineError } from '../../errors/hookline-error.ts'
import { parseRecord } from '../../log/jsonl.ts'
import { isEndpointTransition } from '../../log/transition.ts'
import { foldEndpoint } from '../../replay/fold-endpoint.ts'
import type { FoldedEndpoint } from '../../replay/fold-endpoint.ts'
import { integerIn, integerOrNullIn, textIn } from '../columns.ts'
import type { Database } from '../driver/database.ts'
import { rawRecordsOfEndpoint } from '../raw-records.ts'
import type { RawRecord } from '../raw-records.ts'
import { recordKinds } from '../schema.ts'
import type { Faults } from './faults.ts'

const pageRows = 256

/** Returns how many endpoints are registered. */
export function checkEndpoints(database: Database, faults: Faults): number {
  const page = database.prepare(
    `SELECT number, id, configuration FROM endpoints WHERE number > ? ORDER BY number LIMIT ${pageRows}`,
  )
  let registered = 0
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const rows = page.all(after)
    for (const row of rows) {
      after = integerIn(row, 'number')
      const configuration = integerOrNullIn(row, 'configuration')
      if (configuration !== null) registered += 1
      checkEndpoint(database, { number: after, id: textIn(row, 'id'), configuration }, faults)
    }
    if (rows.length < pageRows) return registered
  }
}

interface EndpointRow {
  readonly number: number
  readonly id: string
  readonly configuration: number | null
}

function checkEndpoint(database: Database, { number, id, configuration }: EndpointRow, faults: Faults): void {
  let folded: FoldedEndpoint | undefined
  let isConfigured = configuration === null
  for (const row of rawRecordsOfEndpoint(database, number)) {
    if (row.kind === recordKinds.endpointConfiguration) {
      isConfigured ||= row.seq === configuration
      continue
    }
    try {
      folded = foldEndpoint(folded, endpointTransitionIn(row, id))
    } catch (error) {
      if (!(error instanceof HooklineError)) throw error
      faults.add('record', error.message, { seq: row.seq })
      return
    }
  }
  if (isConfigured) return
  const message = `the configuration of endpoint ${id} is to be record ${String(configuration)}, and there is none`
  faults.add('index', message)
}

/** @throws LogFormatError, DivergenceError when it is not a record of that endpoint */
function endpointTransitionIn({ seq, line }: RawRecord, endpointId: string) {
  const record = parseRecord(line, seq)
  if (isEndpointTransition(record) && record.seq === seq && record.endpointId === endpointId) return record
  throw new DivergenceError(`record ${seq} is not what its row says`, seq)
}
