/** The port through which chance enters hookline: a number from 0 (included) to 1 (excluded). */
export type Random = () => number

/** Chance for jitter. Not for secrets or ids. */
export const systemRandom: Random = () => Math.random()
