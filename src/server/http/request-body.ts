/** The body of a request, and the text it was read from, byte for byte. */
export interface RequestBody {
  readonly value: unknown
  readonly text: string
}

/** No body, or an empty one. */
export const noBody: RequestBody = { value: undefined, text: '' }
