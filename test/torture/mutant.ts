/** Ways in which the service is broken on purpose, to see that a rule notices: the rule that each breaks when it is killed. */
export const mutants = {
  'acknowledges before flush': 'every acknowledged event is kept',
  'sends before the start is committed': 'attempts are numbered, in the log first, sent once',
} as const

/**
 * The same when its machine loses power. What a killed process has written stays written, synced or not: that a service does
 * not sync is noticed here alone.
 */
export const powerMutants = {
  'does not sync': 'every acknowledged event is kept',
  'syncs at checkpoints alone': 'every acknowledged event is kept',
  'acknowledges before flush': 'every acknowledged event is kept',
  'sends before the start is committed': 'every request that was sent is in the log',
} as const

export type Mutant = keyof typeof mutants | keyof typeof powerMutants
