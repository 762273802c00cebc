import { accessMutants } from './access-mutants.ts'
import { commandMutants } from './command-mutants.ts'
import { httpMutants } from './http-mutants.ts'
import type { Mutant } from './mutant.ts'
import { submissionMutants } from './submission-mutants.ts'
import { watchMutants } from './watch-mutants.ts'

/** The promises of the service, each switched off. */
export const mutants: readonly Mutant[] = [
  ...accessMutants,
  ...submissionMutants,
  ...httpMutants,
  ...watchMutants,
  ...commandMutants,
]
