/** How long before `nowMs` the time `at` (ISO 8601) was; 0 when it is still to come, or no time. */
export function msSince(at: string, nowMs: number): number {
  return orNone(nowMs - Date.parse(at))
}

/** How long after `nowMs` the time `at` (ISO 8601) is; 0 when it has passed, or is no time. */
export function msUntil(at: string, nowMs: number): number {
  return orNone(Date.parse(at) - nowMs)
}

function orNone(durationMs: number): number {
  return durationMs > 0 ? durationMs : 0
}
