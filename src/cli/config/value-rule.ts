// What is valid for a value, in words that follow "must be": for errors, for the help and for the documentation alike.
import { IsArray, IsBoolean, IsEnum, IsInteger, IsNumber, IsObject, IsString } from 'typebox'
import type { TSchema } from 'typebox'
import { notesOf } from './config-schema.ts'

export function valueRule(schema: TSchema): string {
  const { rule, minimum = '', maximum = '', minLength = 0, maxLength = '', minItems = 0, maxItems } = notesOf(schema)
  if (rule !== undefined) return rule
  if (IsBoolean(schema)) return 'true or false'
  if (IsInteger(schema)) return `a whole number from ${minimum} to ${maximum}`
  if (IsNumber(schema)) return `a number from ${minimum} to ${maximum}`
  if (IsEnum(schema)) return schema.enum.map((name) => `'${name}'`).join(' or ')
  if (IsString(schema)) return `a text of ${minLength} to ${maxLength} characters`
  if (IsArray(schema)) return maxItems === undefined ? 'a list' : `a list of ${minItems} to ${maxItems} items`
  return IsObject(schema) ? 'a section of keys' : 'something else'
}
