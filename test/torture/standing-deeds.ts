import type { LedgerDeed } from './ledger.ts'

/** The last of `deeds` that surely took effect, and those asked for since: each of them may be the one in effect. */
export function standingDeeds(
  deeds: readonly LedgerDeed[],
  surelyTookEffect: (deed: LedgerDeed) => boolean,
): LedgerDeed[] {
  let first = deeds.length - 1
  while (first > 0 && !surelyTookEffect(deeds[first]!)) first -= 1
  return deeds.slice(Math.max(0, first))
}
