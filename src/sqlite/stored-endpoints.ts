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
  /** Sealed; null when the endpoint was removed. */
  readonly configuration: string | null
}

export interface EndpointPorts {
  readonly group: () => Group
  /** Throws like `append`; nothing was stored then. */
  readonly append: (draft: ConfigurationDraft) => void
}

export class StoredEndpointsInFile implements StoredEndpoints {
  readonly #box: SecretBox
  readonly #ports: EndpointPorts
  readonly #configurations: Query

  constructor(reading: FileReading, box: SecretBox, ports: EndpointPorts) {
    this.#box = box
    this.#ports = ports
    this.#configurations = reading.query(
      'SELECT seq, line, previous, sum FROM endpoints JOIN records ON records.seq = endpoints.configuration ' +
        'ORDER BY endpoints.number',
    )
  }

  all(): readonly StoredEndpoint[] {
    return [...this.#sealed()].map(([endpointId, sealed]) => openEndpoint(this.#box, sealed, endpointId))
  }

  put(endpoint: StoredEndpoint, at: string): void {
    const { endpointId } = endpoint
    this.#ports.append({ at, endpointId, configuration: sealEndpoint(this.#box, endpoint) })
  }

  remove(endpointId: string, at: string): void {
    this.#ports.append({ at, endpointId, configuration: null })
  }

  /** Seals anew, with the key that is the first now, what was sealed otherwise. @throws StorageError when one does not open */
  resealAll(at: string): void {
    for (const [endpointId, sealed] of this.#sealed()) {
      const endpoint = openEndpoint(this.#box, sealed, endpointId)
      if (this.#box.needsResealing(sealed)) this.put(endpoint, at)
    }
  }

  /** By endpoint id: what is in the file, and what is not committed yet. */
  #sealed(): Map<string, string> {
    const sealed = new Map<string, string>()
    const take = (line: string, seq: number): void => {
      const { endpointId, configuration } = parse(line, seq)
      if (configuration === null) sealed.delete(endpointId)
      else sealed.set(endpointId, configuration)
    }
    for (const row of this.#configurations.all()) take(checkedLine(row), integerIn(row, 'seq'))
    for (const { kind, line, seq } of this.#ports.group().after(0)) {
      if (kind === recordKinds.endpointConfiguration) take(line, seq)
    }
    return sealed
  }
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
  const { at, endpointId, configuration } = value as Partial<Record<keyof ConfigurationDraft, unknown>> // as any object
  if (typeof at !== 'string' || typeof endpointId !== 'string') return null
  if (configuration !== null && typeof configuration !== 'string') return null
  return { at, endpointId, configuration }
}

function damaged(seq: number): StorageError {
  return new StorageError(`record ${seq}, the configuration of an endpoint, is not what was written`, 'damaged', false)
}
