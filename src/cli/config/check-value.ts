// Whether a value is what its key takes, and all that is wrong with it. TypeBox judges; what is wrong is told in the words of
// the rule, with the place inside the value, and nothing of what is secret.
import { IsArray, IsObject, IsOptional } from 'typebox'
import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { describeUnshown, describeValue } from '../../errors/describe-value.ts'
import { notesOf } from './config-schema.ts'
import { suggestion } from './suggestion.ts'
import { valueRule } from './value-rule.ts'

export interface ValueFault {
  /** Where, within the value: `[0, 'retry', 'jitter']`. */
  readonly at: readonly (string | number)[]
  /** What is wrong there: `must be true or false, got "no" (string)`. */
  readonly wrong: string
}

/** @param secret whether nothing of the value may be shown */
export function checkValue(
  schema: TSchema,
  value: unknown,
  secret: boolean,
  at: readonly (string | number)[] = [],
): ValueFault[] {
  const got = `must be ${valueRule(schema)}, got ${secret ? describeUnshown(value) : describeValue(value)}`
  if (IsArray(schema)) {
    const { minItems = 0, maxItems = Infinity } = notesOf(schema)
    if (!Array.isArray(value) || value.length < minItems || value.length > maxItems) return [{ at, wrong: got }]
    return value.flatMap((item, index) => checkValue(schema.items, item, secret, [...at, index]))
  }
  if (IsObject(schema))
    return isMapping(value) ? checkFields(schema.properties, value, secret, at) : [{ at, wrong: got }]
  return Value.Check(schema, value) ? [] : [{ at, wrong: got }]
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkFields(
  properties: Readonly<Record<string, TSchema>>,
  value: Readonly<Record<string, unknown>>,
  secret: boolean,
  at: readonly (string | number)[],
): ValueFault[] {
  const names = Object.keys(properties)
  const unknown = Object.keys(value).filter((name) => !names.includes(name))
  const faults: ValueFault[] = unknown.map((name) => ({
    at: [...at, name],
    wrong: `is no key${suggestion(name, names)}`,
  }))
  for (const [name, schema] of Object.entries(properties)) {
    const field = value[name]
    if (field !== undefined) faults.push(...checkValue(schema, field, secret, [...at, name]))
    else if (!IsOptional(schema))
      faults.push({ at: [...at, name], wrong: `is missing; it must be ${valueRule(schema)}` })
  }
  return faults
}
