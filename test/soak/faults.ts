// What an endpoint may do with a connection and with a request, and how often.
import type { Dice } from './dice.ts'

/** What becomes of a request that was read. Weights of an endpoint that is out to hurt. */
const requestFaults = {
  slow: 10,
  hang: 8,
  reset: 8,
  fin: 5,
  status500: 12,
  status503: 6,
  status404: 4,
  status429: 4,
  gone: 0.3,
  redirect: 4,
  surplus: 10,
  twoInOne: 8,
  endlessBody: 3,
  gzipBomb: 4,
  drippedHeaders: 4,
  drippedBody: 4,
  endless103: 3,
  manyHeaders: 4,
  garbage: 5,
  oddStatus: 3,
  illegalFraming: 4,
  halfClosed: 5,
} as const

const connectionFaults = {
  plain: { none: 980, resetAtOnce: 7, finAtOnce: 7, unread: 6 },
  secure: { none: 980, resetAtOnce: 5, finAtOnce: 5, unread: 2, tlsAlert: 5, tlsStall: 3 },
  // Large requests go there: what is not read of them fills the window.
  deaf: { none: 800, unread: 200 },
} as const

export type RequestFault = 'none' | keyof typeof requestFaults
/** The kinds of servers there are. */
export type ServerKind = keyof typeof connectionFaults
export type ConnectionFault = keyof (typeof connectionFaults)['plain'] | keyof (typeof connectionFaults)['secure']

/** How often an endpoint misbehaves, at its best and at its worst. */
export const temperaments = { calm: 0.04, moody: 0.3, hostile: 0.85 } as const
export type Temperament = keyof typeof temperaments

export function drawRequestFault(dice: Dice, temperament: Temperament): RequestFault {
  return dice.chance(temperaments[temperament]) ? dice.weighted(requestFaults) : 'none'
}

export function drawConnectionFault(dice: Dice, kind: ServerKind): ConnectionFault {
  return dice.weighted<ConnectionFault>(connectionFaults[kind])
}
