import { OptionReader } from '../options/option-reader.ts'

/** What a server takes, and how long it waits. */
export interface ServerLimits {
  /** The longest body of a request; one without payloads may have 256 KiB at most. @default 16 MiB */
  readonly bodyBytes: number
  /** All bodies of requests that are not answered yet, together. @default 256 MiB */
  readonly bodiesBytes: number
  /**
   * Webhooks that one event without `endpointId` may reach; of more none gets it. All are stored in one go, and nothing else goes
   * on meanwhile: about 60 ms for each thousand. @default 10_000
   */
  readonly fanOut: number
  /** Connections at once, idle ones included; more are closed at once. @default 20_000 */
  readonly connections: number
  /** For the headers of a request, from its first byte (of the first request: from the connection) on. @default 10_000 */
  readonly headersTimeoutMs: number
  /** For a whole request, its body included. @default 30_000 */
  readonly requestTimeoutMs: number
  /** How long a connection may stay without a request. @default 15_000 */
  readonly keepAliveTimeoutMs: number
  /** How long a connection may stay without a byte in either direction while an answer is owed. @default 60_000 */
  readonly stalledTimeoutMs: number
}

/** An hour: none of these waits means anything beyond it. */
const longestMs = 3_600_000
const GiB = 1024 ** 3

/** @throws InvalidOptionError */
export function readServerLimits(given: unknown): ServerLimits {
  const reader = new OptionReader(given, 'limits', [
    'bodyBytes',
    'bodiesBytes',
    'fanOut',
    'connections',
    'headersTimeoutMs',
    'requestTimeoutMs',
    'keepAliveTimeoutMs',
    'stalledTimeoutMs',
  ])
  const durations = { min: 100, max: longestMs }
  const bodyBytes = reader.wholeNumber('bodyBytes', 16 * 1024 * 1024, { min: 1024, max: GiB })
  return {
    bodyBytes,
    bodiesBytes: reader.wholeNumber('bodiesBytes', Math.max(bodyBytes, GiB / 4), { min: bodyBytes, max: 64 * GiB }),
    fanOut: reader.wholeNumber('fanOut', 10_000, { min: 1, max: 1_000_000 }),
    connections: reader.wholeNumber('connections', 20_000, { min: 1, max: 1_000_000 }),
    headersTimeoutMs: reader.wholeNumber('headersTimeoutMs', 10_000, durations),
    requestTimeoutMs: reader.wholeNumber('requestTimeoutMs', 30_000, durations),
    keepAliveTimeoutMs: reader.wholeNumber('keepAliveTimeoutMs', 15_000, durations),
    stalledTimeoutMs: reader.wholeNumber('stalledTimeoutMs', 60_000, durations),
  }
}
