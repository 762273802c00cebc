import { acknowledged } from './rules/acknowledged.ts'
import { attempts } from './rules/attempts.ts'
import { backoff, due } from './rules/backoff.ts'
import { breakers } from './rules/breakers.ts'
import { budgets } from './rules/budgets.ts'
import { cooldowns } from './rules/cooldowns.ts'
import { deadlines } from './rules/deadlines.ts'
import { delivered } from './rules/delivered.ts'
import { disabling } from './rules/disabling.ts'
import { duplicates } from './rules/duplicates.ts'
import { held } from './rules/held.ts'
import { idempotency } from './rules/idempotency.ts'
import { inFlight } from './rules/in-flight.ts'
import { logKept } from './rules/log-kept.ts'
import { order } from './rules/order.ts'
import { outcomes } from './rules/outcomes.ts'
import { places } from './rules/places.ts'
import { rateLimits } from './rules/rate-limits.ts'
import type { Rule } from './rules/rule.ts'
import { signatures } from './rules/signatures.ts'
import { writeAhead } from './rules/write-ahead.ts'

/** The promises that are judged when a run is over. Others are judged while it goes on: see `quiet-point.ts`. */
export const allRules: readonly Rule[] = [
  acknowledged,
  idempotency,
  delivered,
  writeAhead,
  attempts,
  outcomes,
  budgets,
  duplicates,
  order,
  places,
  inFlight,
  held,
  deadlines,
  backoff,
  due,
  breakers,
  cooldowns,
  disabling,
  rateLimits,
  signatures,
  logKept,
]
