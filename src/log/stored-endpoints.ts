/** A secret that signs, and until when: null for the current one. */
export interface StoredSecret {
  /** As the user gave it. */
  readonly secret: string
  /** Milliseconds since the Unix epoch. */
  readonly retiresAtMs: number | null
}

/** An endpoint as it is registered. */
export interface StoredEndpoint {
  readonly endpointId: string
  readonly url: string
  /** A plain JSON value, from which the core makes its settings again. */
  readonly settings: unknown
  /** The current one first. A home writes them down only sealed, when it was given a key. */
  readonly secrets: readonly StoredSecret[]
}

/** The endpoints that a home keeps for the next start. */
export interface StoredEndpoints {
  /** In the order of registration. @throws StorageError */
  all(): readonly StoredEndpoint[]
  /** Appends a record of an endpoint that is new or was changed. Throws like `append`; nothing was stored then. */
  put(endpoint: StoredEndpoint, at: string): void
  /** Appends a record of its end. One that is not kept is passed over. Throws like `append`; it is still kept then. */
  remove(endpointId: string, at: string): void
}
