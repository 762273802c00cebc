// Whether the endpoints' own records follow from one another, and the index names the latest configuration of each.
import { DivergenceError } from '../../errors/errors.ts'
import { HooklineError } from '../../errors/hookline-error.ts'
import { parseRecord } from '../../log/jsonl.ts'
import { isEndpointTransition } from '../../log/transition.ts'
import type { EndpointTransition } from '../../log/transition.ts'
import { foldEndpoint } from '../../replay/fold-endpoint.ts'
import type { FoldedEndpoint } from '../../replay/fold-endpoint.ts'
import { integerIn, integerOrNullIn, textIn } from '../columns.ts'
import type { Database } from '../driver/database.ts'
import { rawRecordsOfEndpoint } from '../raw-records.ts'
import type { RawRecord } from '../raw-records.ts'
import { recordKinds } from '../schema.ts'
import { parseConfiguration } from '../stored-endpoints.ts'
import type { Faults } from './faults.ts'

const pageRows = 256

/** Returns how many endpoints are registered. */
export function checkEndpoints(database: Database, faults: Faults): number {
  const page = database.prepare(
    `SELECT number, id, configuration FROM endpoints WHERE number > ? ORDER BY number LIMIT ${pageRows}`,
  )
  let registered = 0
  checkOwners(database, faults)
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
    const isConfiguration = row.kind === recordKinds.endpointConfiguration
    try {
      if (isConfiguration) {
        checkConfiguration(row, id)
        isConfigured ||= row.seq === configuration
        continue
      }
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

/** Records of endpoints that the file does not name: nobody would find them. */
function checkOwners(database: Database, faults: Faults): void {
  const lost = database.prepare(
    `SELECT seq FROM records WHERE event IS NULL AND endpoint NOT IN (SELECT number FROM endpoints) LIMIT ${pageRows}`,
  )
  for (const row of lost.all()) {
    const seq = integerIn(row, 'seq')
    faults.add('index', `record ${seq} is of an endpoint that the file does not name`, { seq })
  }
}

/** @throws LogFormatError, DivergenceError when it is not a record of that endpoint */
function endpointTransitionIn({ seq, kind, line }: RawRecord, endpointId: string): EndpointTransition {
  const record = parseRecord(line, seq)
  if (kind === recordKinds.endpointHealth && isEndpointTransition(record) && record.seq === seq) {
    if (record.endpointId === endpointId) return record
  }
  throw notItsRow(seq)
}

/** @throws DivergenceError when it is not the configuration of that endpoint */
function checkConfiguration({ seq, line }: RawRecord, endpointId: string): void {
  const configured = parseConfiguration(line)
  if (configured?.endpointId !== endpointId) throw notItsRow(seq)
}

function notItsRow(seq: number): DivergenceError {
  return new DivergenceError(`record ${seq} is not what its row says`, seq)
}
