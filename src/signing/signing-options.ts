import { OptionReader } from '../options/option-reader.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { isHeaderName, isReservedHeader } from './reserved-headers.ts'

/** How an endpoint wants its body signature. The Standard Webhooks headers are not touched by it. */
export interface SigningOptions {
  /** The header that carries the body signature: an HTTP token of at most 100 characters. @default 'X-Signature' */
  header?: string | undefined
  /** What stands before the signature, such as `sha256=`: at most 32 visible ASCII characters. @default '' */
  prefix?: string | undefined
  /** How the 32 signature bytes are written; hex is lower-case, base64 padded. @default 'hex' */
  encoding?: 'hex' | 'base64' | undefined
  /** Also sign the event's place in line, in `X-Event-Sequence-Signature`. @default false */
  sequence?: boolean | undefined
}

/** Complete signing options; the fields mean what they mean in {@link SigningOptions}. */
export interface SigningSettings {
  readonly header: string
  readonly prefix: string
  readonly encoding: 'hex' | 'base64'
  readonly sequence: boolean
}

const defaultSigningSettings: SigningSettings = Object.freeze({
  header: 'X-Signature',
  prefix: '',
  encoding: 'hex',
  sequence: false,
})

const optionNames = Object.keys(defaultSigningSettings)
const encodings = ['hex', 'base64'] as const

/**
 * Checks signing options and completes them with the defaults.
 *
 * @param option their path, such as `signing`; `''` when they are the argument of the call itself
 * @throws InvalidOptionError naming `option` and the field
 */
export function resolveSigningOptions(value: unknown, option: string): SigningSettings {
  if (value === undefined) return defaultSigningSettings
  const reader = new OptionReader(value, option, optionNames)
  return Object.freeze({
    header: readHeader(reader.given('header'), reader.path('header')),
    prefix: readPrefix(reader.given('prefix'), reader.path('prefix')),
    encoding: reader.oneOf('encoding', defaultSigningSettings.encoding, encodings),
    sequence: reader.boolean('sequence', defaultSigningSettings.sequence),
  })
}

function readHeader(value: unknown, option: string): string {
  if (value === undefined) return defaultSigningSettings.header
  if (typeof value !== 'string' || !isHeaderName(value)) {
    return refuseOption(option, 'must be a header name, an HTTP token of 1 to 100 characters', value)
  }
  if (isReservedHeader(value) && value.toLowerCase() !== 'x-signature') {
    return refuseOption(
      option,
      'must not be a header reserved for hookline, the connection, proxies or metadata services',
      value,
    )
  }
  return value
}

function readPrefix(value: unknown, option: string): string {
  if (value === undefined) return defaultSigningSettings.prefix
  if (typeof value === 'string' && /^[!-~]{0,32}$/.test(value)) return value
  return refuseOption(option, 'must be a string of at most 32 visible ASCII characters, without spaces', value)
}
