/**
 * How long the oldest event that is not settled has waited, in whole milliseconds; 0 when none waits. Never below 0, though the wall
 * clock may have been set back since it was submitted.
 */
export function lagMsOf(oldestPendingAt: string | null, nowMs: number): number {
  return oldestPendingAt === null ? 0 : Math.max(0, Math.floor(nowMs - Date.parse(oldestPendingAt)))
}
