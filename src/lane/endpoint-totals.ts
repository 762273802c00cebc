/** What became of one endpoint's events since the service started, or since the endpoint was registered, if that was later. */
export interface EndpointTotals {
  /** Attempts that were started. */
  attempts: number
  delivered: number
  failed: number
  deadLettered: number
}
