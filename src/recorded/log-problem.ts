/** Why a log file was not read to its end, or not with all that should be in it. What came before it was read. */
export type LogProblem =
  /** The last line ends in the middle of a record, as it does when its writer was stopped. Everything before it counts. */
  | { readonly kind: 'truncated'; readonly line: number; readonly message: string }
  /** A line is no record. Nothing was read from there on. */
  | { readonly kind: 'malformed'; readonly line: number; readonly message: string }
  /** A record does not follow from those before it. Nothing was read from there on. */
  | { readonly kind: 'diverged'; readonly line: number; readonly seq: number; readonly message: string }
