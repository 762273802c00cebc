/** How far a connection came before it failed. */
export type ConnectStage = 'egress' | 'dns' | 'tcp' | 'tls'

/** Why no connection came about. In every case no byte of a request has been written. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'
  readonly stage: ConnectStage
  /** The system's or the TLS library's code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), where there is one. */
  readonly systemCode: string | null

  /** `cause` gives the code; its message is not kept, because it may tell an address. */
  constructor(stage: ConnectStage, cause?: unknown) {
    super(`connecting failed: ${stage}`)
    this.stage = stage
    this.systemCode = codeOf(cause)
  }

  /** Whether this process, or the machine, has as many files open as it may. */
  get isOutOfFiles(): boolean {
    return this.systemCode === 'EMFILE' || this.systemCode === 'ENFILE'
  }
}

/** The `code` of a system or library error; null where there is none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
