/** What alerts are about. */
export const alertKinds = ['deadLetter', 'breakerOpened', 'endpointDisabled', 'lag', 'logHeld', 'logStopped'] as const

export type AlertKind = (typeof alertKinds)[number]

export interface Alert {
  readonly kind: AlertKind
  /** ISO 8601. */
  readonly at: string
  /** One line for people. */
  readonly message: string
  /** Null where it is about the service as a whole. */
  readonly endpointId: string | null
  /** How many of the same kind were withheld since the last one, and are told of by this one alone. */
  readonly more: number
  /** What is known beside, by name. */
  readonly details: Readonly<Record<string, string | number | null>>
}
