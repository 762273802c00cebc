export interface SimulationFlags {
  /** How many seeds, at least. */
  readonly seeds: number
  /** The first of them. */
  readonly from: number
  /** How long they may take in all. */
  readonly seconds: number
}

export const usage = `npm run simulate -- [flags]

  --home NAME  where the log is: memory, model (of a durable home) or sqlite (default memory)
  --seeds N    how many seeds (default 2000)
  --from N     the first of them (default: drawn)
  --seconds N  how long they may take in all; not getting through all of them is a failure (default 300)
  --help`

export function defaultFlags(drawnFrom: number): SimulationFlags {
  return { seeds: 2000, from: drawnFrom, seconds: 300 }
}
