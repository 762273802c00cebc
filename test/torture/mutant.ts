/**
 * Ways in which the service is broken on purpose, to see that the rules notice. None stands for `synchronous=OFF`: what a
 * process has written outlives it whether it was synced or not, so that no SIGKILL can show the difference.
 */
export const mutants = {
  'acknowledges before flush': 'every acknowledged event is kept',
  'sends before the start is committed': 'attempts are numbered, in the log first, sent once',
} as const

export type Mutant = keyof typeof mutants
