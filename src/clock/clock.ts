/** A running timer of a {@link Clock}. Opaque to everyone but the clock that made it. */
export interface Timer {
  /** Keeps the process alive until this timer has run out (the default). Absent on clocks without a process. */
  ref?(): unknown
  /** Lets the process end although this timer has not run out. */
  unref?(): unknown
}

/**
 * The port through which time enters hookline. Nothing else may read the time or start a timer.
 *
 * `now` is wall-clock time and may jump; it dates records and signatures. `monotonic` never goes back; it measures
 * durations and decides when something is due, so that a corrected wall clock neither freezes nor hurries a retry.
 */
export interface Clock {
  /** Wall-clock time, in milliseconds since the Unix epoch. */
  now(): number
  /** Milliseconds since an arbitrary fixed moment; never decreases. */
  monotonic(): number
  /** Calls `callback` once, `delayMs` (0 to 2^31-1) from now. */
  setTimeout(callback: () => void, delayMs: number): Timer
  clearTimeout(timer: Timer): void
}
