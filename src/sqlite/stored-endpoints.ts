// Endpoints as they are registered: each in a record of its own, of which the latest counts.
import { DivergenceError, StorageError } from '../errors/errors.ts'
import type { StoredEndpoint, StoredEndpoints } from '../log/stored-endpoints.ts'
import { openEndpoint, sealEndpoint } from '../sealing/sealed-endpoint.ts'
import type { SecretBox } from '../sealing/secret-box.ts'
import { integerIn } from './columns.ts'
import type { Row } from './driver/database.ts'
import type { FileReading, Query } from './file-reading.ts'
import type { Group } from './group.ts'
import { readLine } from './record-reader.ts'
import { recordKinds } from './schema.ts'

/** The text of a record that is no transition; the home numbers it. */
export interface ConfigurationDraft {
  readonly at: string
  readonly endpointId: string
  /** The `seq` of the first record since it was registered; null in that record itself, and in that of its end. */
  readonly registeredSeq: number | null
  /** Sealed; null when the endpoint was removed. */
  readonly configuration: string | null
}

export interface EndpointPorts {
  readonly group: () => Group
  /** Throws where the end of an endpoint is not recorded just now. */
  readonly admitEnd: () => void
  /** Throws like `append`; nothing was stored then. Returns the record's `seq`. */
  readonly append: (draft: ConfigurationDraft) => number
}

export class StoredEndpointsInFile implements StoredEndpoints {
  readonly #box: SecretBox
  readonly #ports: EndpointPorts
  readonly #configurations: Query
  /** By endpoint id, in the order of registration: the `seq` it was registered with. */
  readonly #registered = new Map<string, number>()

  constructor(reading: FileReading, box: SecretBox, ports: EndpointPorts) {
    this.#box = box
    this.#ports = ports
    this.#configurations = reading.query(
      'SELECT seq, line, previous, sum FROM endpoints JOIN records ON records.seq = endpoints.configuration',
    )
    const found = Array.from(this.#kept(), ([endpointId, { seq, registeredSeq }]) => {
      return [endpointId, registeredSeq ?? seq] as const
    })
    for (const [endpointId, seq] of found.sort((one, other) => one[1] - other[1])) this.#registered.set(endpointId, seq)
  }

  all(): readonly StoredEndpoint[] {
    const kept = this.#kept()
    return Array.from(this.#registered.keys(), (endpointId) => {
      const configuration = kept.get(endpointId)?.configuration
      if (configuration === undefined) throw new StorageError(`endpoint ${endpointId} is gone`, 'damaged', false)
      return openEndpoint(this.#box, configuration, endpointId)
    })
  }

  put(endpoint: StoredEndpoint, at: string): void {
    const { endpointId } = endpoint
    const registeredSeq = this.#registered.get(endpointId) ?? null
    const configuration = sealEndpoint(this.#box, endpoint)
    const seq = this.#ports.append({ at, endpointId, registeredSeq, configuration })
    if (registeredSeq === null) this.#registered.set(endpointId, seq)
  }

  /** Of one that is not kept there is nothing to say. */
  remove(endpointId: string, at: string): void {
    this.#ports.admitEnd()
    if (!this.#registered.has(endpointId)) return
    this.#ports.append({ at, endpointId, registeredSeq: null, configuration: null })
    this.#registered.delete(endpointId)
  }

  /** Seals anew, with the key that is the first now, what was sealed otherwise. @throws StorageError when one does not open */
  resealAll(at: string): void {
    for (const [endpointId, { configuration }] of this.#kept()) {
      const endpoint = openEndpoint(this.#box, configuration, endpointId)
      if (this.#box.needsResealing(configuration)) this.put(endpoint, at)
    }
  }

  /** By endpoint id: what is in the file, and what is not committed yet. */
  #kept(): Map<string, Configuration> {
    const kept = new Map<string, Configuration>()
    const take = (line: string, seq: number): void => {
      const { endpointId, registeredSeq, configuration } = parse(line, seq)
      if (configuration === null) kept.delete(endpointId)
      else kept.set(endpointId, { seq, registeredSeq, configuration })
    }
    for (const row of this.#configurations.all()) take(checkedLine(row), integerIn(row, 'seq'))
    for (const { kind, line, seq } of this.#ports.group().after(0)) {
      if (kind === recordKinds.endpointConfiguration) take(line, seq)
    }
    return kept
  }
}

interface Configuration {
  readonly seq: number
  readonly registeredSeq: number | null
  readonly configuration: string
}

function checkedLine(row: Row): string {
  try {
    return readLine(row)
  } catch (error) {
    throw error instanceof DivergenceError ? damaged(integerIn(row, 'seq')) : error
  }
}

function parse(line: string, seq: number): ConfigurationDraft {
  const parsed = parseConfiguration(line)
  if (parsed === null) throw damaged(seq)
  return parsed
}

/** The text of a configuration's record; null when it is none. */
export function parseConfiguration(line: string): ConfigurationDraft | null {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return null // the parser's own error would carry a piece of the text
  }
  if (typeof value !== 'object' || value === null) return null
  // As any object may be.
  const { at, endpointId, registeredSeq, configuration } = value as Partial<Record<keyof ConfigurationDraft, unknown>>
  if (typeof at !== 'string' || typeof endpointId !== 'string') return null
  if (registeredSeq !== null && typeof registeredSeq !== 'number') return null
  if (configuration !== null && typeof configuration !== 'string') return null
  return { at, endpointId, registeredSeq, configuration }
}

function damaged(seq: number): StorageError {
  return new StorageError(`record ${seq}, the configuration of an endpoint, is not what was written`, 'damaged', false)
}
