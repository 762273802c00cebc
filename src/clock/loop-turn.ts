/**
 * Calls back once the event loop has gone round: what the process had not come to read by now, it has read then. Not a
 * wait for any length of time, so no clock is asked.
 */
export function afterLoopTurn(callback: () => void): void {
  setImmediate(callback)
}
