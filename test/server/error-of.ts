/** The error that an answer tells of. */
export interface ShownError {
  readonly code: string
  readonly message: string
  readonly requestId: string
  readonly fields?: readonly { readonly in?: string; readonly path: string; readonly message: string }[]
}

export function errorOf(text: string): ShownError {
  // A cast because it is what every error answer must be; the tests compare the parts they need.
  return (JSON.parse(text) as { error: ShownError }).error
}
