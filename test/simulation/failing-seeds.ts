/** Seeds that once failed, and why. They are run by every test run. */
export const failingSeeds: readonly { readonly seed: number; readonly why: string }[] = [
  { seed: 5_000_138, why: 'a breaker that opened after the last event had nothing to probe with' },
  { seed: 5_001_003, why: 'the same, with requests in flight at the healing' },
]
