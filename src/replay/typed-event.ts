/** Whether a record's event is one that a statechart can be asked about: what else a damaged log may hold, none can. */
export function isTypedEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'type' in event && typeof event.type === 'string'
}
