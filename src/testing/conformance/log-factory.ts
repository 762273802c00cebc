import { InvalidOptionError } from '../../errors/errors.ts'
import type { LogHome } from '../../log/log-home.ts'
import { entriesOf } from '../../options/option-reader.ts'
import { refuseOption } from '../../options/refuse-option.ts'
import { checkPort } from '../../options/value-checks.ts'

/** Makes the homes that are tested. */
export interface LogFactory {
  /** A home that holds nothing, in a place of its own. */
  open(): LogHome | Promise<LogHome>
  /**
   * Ends a home in good order, unless it was closed, and opens another in the same place. Left out: nothing outlives the
   * home, and the rules about that are skipped.
   */
  reopen?(home: LogHome): LogHome | Promise<LogHome>
  /**
   * Lets go of a home as the end of its process would, which finishes nothing and writes nothing more, and opens another in
   * the same place. Left out: the rules about that are skipped.
   */
  crash?(home: LogHome): LogHome | Promise<LogHome>
  /** Lets go of each home that a case is done with, and of its place. Left out: it is closed, if it can be. */
  dispose?(home: LogHome): void | Promise<void>
  /**
   * What is not tested, and why: by the name of a case, or of an optional member of `LogHome`, for all cases that need it. A
   * home has every optional member that is not named here.
   */
  readonly skip?: Readonly<Record<string, string>>
}

/** What a rule is about that not every home, or not every factory, has. */
export type Need = OptionalMember | 'reopen' | 'crash'

/** The optional members of a home that rules are about. */
export const optionalMembers = ['afterCommit', 'storedEvents', 'storedEndpoints', 'close'] as const

export type OptionalMember = (typeof optionalMembers)[number]

/** A checked {@link LogFactory}. */
export interface CheckedFactory {
  readonly factory: LogFactory
  readonly skip: ReadonlyMap<string, string>
}

/** @throws InvalidOptionError */
export function checkFactory(value: unknown, caseNames: readonly string[]): CheckedFactory {
  const factory = checkPort<LogFactory>(value, 'factory', ['open'])
  const skip = new Map(entriesOf(factory.skip ?? {}, 'factory.skip').map(readSkip))
  for (const name of skip.keys()) if (!isKnown(name, caseNames)) refuseName(name)
  for (const name of ['reopen', 'crash'] as const) {
    if (factory[name] === undefined) skip.set(name, `the factory has no method "${name}"`)
  }
  return { factory, skip }
}

function readSkip([name, reason]: [string, unknown]): [string, string] {
  if (typeof reason === 'string' && reason.trim() !== '') return [name, reason]
  return refuseOption(`factory.skip[${JSON.stringify(name)}]`, 'must be the reason, as a text', reason)
}

function isKnown(name: string, caseNames: readonly string[]): boolean {
  return caseNames.includes(name) || optionalMembers.some((member) => member === name)
}

function refuseName(name: string): never {
  const valid = `the name of a case, or one of ${optionalMembers.join(', ')}`
  throw new InvalidOptionError(`factory.skip: ${JSON.stringify(name)} is not ${valid}`, 'factory.skip', name)
}
