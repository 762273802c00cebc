import { OptionReader } from '../../options/option-reader.ts'

/** Bounds of the live streams. */
export interface StreamOptions {
  /** Streams open at once. Beyond: 503. @default 64. Whole, 0 to 10_000. */
  readonly clients?: number | undefined
  /** Of them, with keys of one tenant. @default 16. Whole, 0 to 10_000. */
  readonly clientsPerTenant?: number | undefined
  /**
   * Bytes kept for a client that it has not read. Half full, it is told no more until it has read them, and then goes on from the
   * log; one that has not done so within two heartbeats is dropped. @default 1 MiB. Whole, 64 KiB to 64 MiB.
   */
  readonly bufferedBytes?: number | undefined
  /** Steps read from the log to a client that comes back or lags; beyond, it is told of a gap. @default 10_000. Whole, 0 to 1_000_000. */
  readonly resumedSteps?: number | undefined
  /** Something is sent at least so often, and so often is looked whether the client's key lets it in still. @default 15_000. Whole, 1000 to 600_000. */
  readonly heartbeatMs?: number | undefined
  /** How long a stream stays open; its client connects again. @default 900_000 (15 minutes). Whole, 1000 to 86_400_000. */
  readonly ageMs?: number | undefined
}

/** Complete {@link StreamOptions}. */
export type StreamSettings = { readonly [Name in keyof StreamOptions]-?: number }

const names = ['clients', 'clientsPerTenant', 'bufferedBytes', 'resumedSteps', 'heartbeatMs', 'ageMs']
const kibibyte = 1024

/** @throws InvalidOptionError */
export function resolveStreamOptions(value: unknown, option: string): StreamSettings {
  const reader = new OptionReader(value, option, names)
  return Object.freeze({
    clients: reader.wholeNumber('clients', 64, { min: 0, max: 10_000 }),
    clientsPerTenant: reader.wholeNumber('clientsPerTenant', 16, { min: 0, max: 10_000 }),
    bufferedBytes: reader.wholeNumber('bufferedBytes', kibibyte * kibibyte, {
      min: 64 * kibibyte,
      max: 64 * kibibyte * kibibyte,
    }),
    resumedSteps: reader.wholeNumber('resumedSteps', 10_000, { min: 0, max: 1_000_000 }),
    heartbeatMs: reader.wholeNumber('heartbeatMs', 15_000, { min: 1000, max: 600_000 }),
    ageMs: reader.wholeNumber('ageMs', 900_000, { min: 1000, max: 86_400_000 }),
  })
}
