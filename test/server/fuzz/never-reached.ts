/** Answers that the document promises and that no sequence of calls here can bring about, and why. */
const neverReached: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/ 500$/, 'it is what is looked for'],
  [
    /^(?:(?:get(?!Health|Readiness)|list|explain)\w+|createKey|revokeKey|putTenant) 503$/,
    'only while the server closes, which takes no calls of this kind: see closing.test.ts',
  ],
]

/** @param name as in a report: `getStats 503` */
export function isNeverReached(name: string): boolean {
  return neverReached.some(([pattern]) => pattern.test(name))
}
