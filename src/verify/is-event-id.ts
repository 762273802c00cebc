/**
 * Visible ASCII without `.` and `,`. With a dot, the place where the id ends and the next signed part begins could be
 * moved without breaking the signature; a comma means that two headers were joined into one.
 */
export function isEventId(id: string): boolean {
  return /^[!-+\-/-~]+$/.test(id)
}
