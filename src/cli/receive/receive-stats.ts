/** What the receiver has seen so far: what `GET /stats` answers, and what `--json` ends with. */
export interface ReceiveStats {
  /** Requests with a whole body. */
  readonly received: number
  readonly verified: number
  readonly signatureFailures: number
  /** Received without a secret to check them with. */
  readonly unchecked: number
  /** How many were answered with each status, those refused before they were whole included. */
  readonly answered: Readonly<Record<string, number>>
  /** How many were left without an answer on purpose. */
  readonly hung: number
  /** How many came although the same event had been accepted before. */
  readonly duplicates: number
  /** How many numbers of a line were passed over and have not been accepted since. */
  readonly gaps: number
  /** How many were accepted after a later one of their line. */
  readonly late: number
}
