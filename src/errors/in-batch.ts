/** A message about one of several things that were given together, with its path in front; `where` is empty for one alone. */
export function inBatch(where: string, message: string): string {
  return where === '' ? message : `${where}: ${message}`
}
