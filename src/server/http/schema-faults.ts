// What is wrong with a value, all of it, in words for people. Never shows the value: it may be a payload or a secret.
import { IsUnion } from 'typebox'
import type { TSchema } from 'typebox'
import { Settings } from 'typebox/system'
import { Errors } from 'typebox/value'

/** A JSON pointer into the value, and what is wrong there. */
export interface SchemaFault {
  readonly path: string
  readonly message: string
}

/** What TypeBox says of one keyword of a schema. */
type Finding = ReturnType<typeof Errors>[number]

/** A finding in words, and where in the schema it comes from. */
interface Fault extends SchemaFault {
  readonly schemaPath: string
  readonly keyword: string
}

const mostFaults = 100
/** Several findings may be one fault. */
const mostFindings = 4 * mostFaults

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
  null: 'null',
}

/** Up to 100 faults of a value that the schema does not take; one at least. */
export function schemaFaults(schema: TSchema, value: unknown): readonly SchemaFault[] {
  const faults: Fault[] = []
  const form = formOf(schema, value)
  const findings = findingsOf(form, value)
  for (const finding of findings) {
    if (finding.keyword === 'anyOf') faults.push(...takeForms(faults, finding))
    else faults.push(...faultsOf(finding, form))
  }
  // Very many names that are not known leave no room for the finding that says so.
  if (faults.length === 0) return [{ path: findings[0]?.instancePath ?? '', message: 'is not known' }]
  return faults.slice(0, mostFaults).map(({ path, message }) => ({ path, message }))
}

/** The one form that is meant where a value may be an object or an array, say: so no fault of it is left out for another's. */
function formOf(schema: TSchema, value: unknown): TSchema {
  const type = Array.isArray(value) ? 'array' : typeof value
  const meant = IsUnion(schema) ? schema.anyOf.filter((form) => readProperty(form, 'type') === type) : []
  const [form] = meant
  return form !== undefined && meant.length === 1 ? form : schema
}

/** TypeBox stops after eight, and takes another number only for the whole process: it is put back at once. */
function findingsOf(schema: TSchema, value: unknown): readonly Finding[] {
  const { maxErrors } = Settings.Get()
  Settings.Set({ maxErrors: mostFindings })
  try {
    return Errors(schema, value)
  } finally {
    Settings.Set({ maxErrors })
  }
}

function faultsOf(finding: Finding, schema: TSchema): readonly Fault[] {
  const { keyword, schemaPath, instancePath: path } = finding
  const fault = (message: string, name?: string): Fault => ({
    path: name === undefined ? path : `${path}/${escapePointer(name)}`,
    message,
    schemaPath,
    keyword,
  })
  switch (finding.keyword) {
    case 'required':
      return finding.params.requiredProperties.map((name) => fault('is missing', name))
    case 'additionalProperties': {
      const valid = namesOf(schema, schemaPath)
      return finding.params.additionalProperties.map((name) => fault(`is not known; valid are ${valid}`, name))
    }
    case 'boolean':
      return [] // what no name is known for is said once, by additionalProperties
    case 'type':
      return [fault(`must be ${[finding.params.type].flat().map(nameType).join(' or ')}`)]
    case 'const':
      return [fault(`must be ${JSON.stringify(finding.params.allowedValue)}`)]
    case 'enum':
      return [fault(`must be one of ${finding.params.allowedValues.map((one) => JSON.stringify(one)).join(', ')}`)]
    case 'format':
      return [fault(`must be of the format ${finding.params.format}`)]
    default:
      return [fault(finding.message)]
  }
}

/**
 * Of a value that may have several forms, takes back what was found wrong with each, and says what is wrong with the form
 * that was meant, as far as it can be told.
 */
function takeForms(faults: Fault[], { schemaPath, instancePath: path }: Finding): readonly Fault[] {
  const prefix = `${schemaPath}/anyOf/`
  const forms = new Map<string, Fault[]>()
  while (faults.at(-1)?.schemaPath.startsWith(prefix) === true && faults.at(-1)?.path.startsWith(path) === true) {
    const fault = faults.pop()
    if (fault === undefined) break
    const form = fault.schemaPath.slice(prefix.length).split('/', 1).join('')
    forms.set(form, [fault, ...(forms.get(form) ?? [])])
  }
  const all = [...forms.values()].reverse()
  const meant = all.filter((form) => !form.some((fault) => fault.keyword === 'type' && fault.path === path))
  if (meant.length === 1) return meant.flat()
  const rules = (meant.length === 0 ? all : meant).flat()
  const isPlain = rules.every((fault) => fault.path === path && fault.message.startsWith('must be '))
  const message = isPlain
    ? `must be ${rules.map((fault) => fault.message.replace(/^must be /, '')).join(' or ')}`
    : 'has none of the forms it may have'
  return [{ path, message, schemaPath, keyword: 'anyOf' }]
}

/** The names an object's schema knows. */
function namesOf(schema: TSchema, schemaPath: string): string {
  let at: unknown = schema
  for (const name of schemaPath.split('/').slice(1)) at = readProperty(at, name)
  const properties = readProperty(at, 'properties')
  return typeof properties === 'object' && properties !== null ? Object.keys(properties).join(', ') : 'none'
}

function readProperty(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function nameType(type: string): string {
  return typeNames[type] ?? type
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
