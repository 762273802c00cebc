/**
 * The port to the resolver: finds all addresses of a host name, and calls back once, at once or later. After `signal` has
 * aborted it need not call back, and should give up what it does.
 */
export type Lookup = (hostname: string, options: { readonly signal: AbortSignal }, callback: LookupCallback) => void

/** Gets every address that was found, or the error: whoever judges a name has to see all of it. */
export type LookupCallback = (error: Error | null, addresses: readonly { readonly address: string }[]) => void
