export interface SoakFlags {
  /** How long faults go on. */
  readonly seconds: number
  readonly seed: number
  readonly endpoints: number
  /** Submissions a second. */
  readonly rate: number
}

export const usage = `npm run soak -- [flags]

  --seconds N    how long faults go on (default 120)
  --seed N       repeats what an earlier run drew; what the machine's own timing decides differs (default: drawn)
  --endpoints N  how many at once (default 200)
  --rate N       events submitted a second (default 250)
  --help`

export function defaultFlags(drawnSeed: number): SoakFlags {
  return { seconds: 120, seed: drawnSeed, endpoints: 200, rate: 250 }
}
