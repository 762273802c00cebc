/** The program was called wrongly: the message says what was wrong, what is valid, and is all that is shown. */
export class CallError extends Error {
  override readonly name = 'CallError'
}
