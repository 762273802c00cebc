/** Seeds that once failed, and why. They are run by every test run. */
export const failingSeeds: readonly { readonly seed: number; readonly why: string }[] = []
