/** How the program ends: it did what it was asked; it failed at it; or it was called wrongly. */
export const exitCode = { done: 0, failed: 1, misused: 2 } as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
