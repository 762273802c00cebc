/** A clock that all processes of a machine share. As a number: exact enough, and JSON takes it. */
export function monotonicNanos(): number {
  return Number(process.hrtime.bigint())
}
