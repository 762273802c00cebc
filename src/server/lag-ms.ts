/**
 * The lag: how long the event that has waited longest has waited, since it was submitted or redelivered. In whole milliseconds; 0 when
 * none waits, and never below, though the wall clock may have been set back.
 */
export function lagMsOf(oldestPendingAt: string | null, nowMs: number): number {
  return oldestPendingAt === null ? 0 : Math.max(0, Math.floor(nowMs - Date.parse(oldestPendingAt)))
}
