/** What a key lets its holder do: everything; submit events and nothing else; read and nothing else. */
export const roles = ['admin', 'publisher', 'reader'] as const

export type Role = (typeof roles)[number]

/** Who sends a request. */
export interface Caller {
  readonly role: Role
  /** The tenant whose things it sees and touches; null for all of them. */
  readonly tenantId: string | null
  /** Null where the server has no keys, and listens to this machine alone. */
  readonly keyId: string | null
}
