// What the OpenAPI document says: the only thing that the fuzzing knows of the API.
import { createRequire } from 'node:module'
import fc from 'fast-check'
import type { HooklineServer } from '../../../src/server/create-server.ts'
import { coreWords } from '../core-words.ts'

export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
}

export interface Parameter {
  readonly in: 'path' | 'query' | 'header'
  readonly name: string
  readonly required?: boolean
  readonly schema: JsonSchema
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>
}

interface DocumentedAnswer extends Content {
  readonly headers?: Readonly<Record<string, object>>
}

interface DocumentedOperation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: Content & { readonly required?: boolean }
  readonly responses: Readonly<Record<string, DocumentedAnswer>>
}

/** One operation, as the document describes it. */
export interface Operation extends DocumentedOperation {
  readonly method: string
  /** `/api/v1/webhooks/{id}` */
  readonly path: string
  readonly body: JsonSchema | null
  readonly bodyRequired: boolean
}

export interface ApiDocument {
  readonly operations: readonly Operation[]
  readonly resolve: (schema: JsonSchema) => JsonSchema
  /** What is wrong with an answer; null when it is as documented. */
  readonly judge: (operation: Operation, answer: JudgedAnswer) => string | null
}

export interface JudgedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
}

/** Of an answer, without its parameters; null for none. */
export function mediaTypeOf({ headers }: Pick<JudgedAnswer, 'headers'>): string | null {
  const type = headers['content-type']
  return typeof type === 'string' ? type.split(';', 1).join('') : null
}

interface Validator {
  addSchema(schema: object, key: string): void
  compile(schema: object): (value: unknown) => boolean
  errorsText(errors?: unknown): string
}

export async function readApiDocument(server: HooklineServer): Promise<ApiDocument> {
  const { text } = await server.inject({ method: 'GET', path: '/openapi.json' })
  // The tests of the document hold that it has this form.
  const document = JSON.parse(text) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
    readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
  }
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      [fc.toStringMethod]: () => operation.operationId,
      method: method.toUpperCase(),
      path,
      body: operation.requestBody?.content?.['application/json']?.schema ?? null,
      bodyRequired: operation.requestBody?.required === true,
    })),
  )
  const resolve = (schema: JsonSchema): JsonSchema => {
    if (schema.$ref === undefined) return schema
    const named = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')]
    if (named === undefined) throw new Error(`the document has nothing at ${schema.$ref}`)
    return resolve(named)
  }
  return { operations, resolve, judge: createJudge(document) }
}

function createJudge(document: object): ApiDocument['judge'] {
  const validator = createValidator()
  validator.addSchema(document, 'api')
  const checks = new Map<string, (value: unknown) => string | null>()
  const checkAt = (place: readonly string[]): ((value: unknown) => string | null) => {
    const pointer = place.map((name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
    let check = checks.get(pointer)
    if (check === undefined) {
      const validate = validator.compile({ $ref: `api#/${pointer}` })
      check = (value) => (validate(value) ? null : validator.errorsText(Reflect.get(validate, 'errors')))
      checks.set(pointer, check)
    }
    return check
  }
  return ({ path, method, responses }, answer) => {
    const { status, text } = answer
    const documented = responses[status]
    if (status === 500) return 'an internal error'
    if ((status === 207 || status >= 400) && coreWords.test(text)) return `it speaks of the core: ${text}`
    if (documented === undefined) return `the status ${status} is not documented: ${text}`
    const wrong = faultInHeaders(answer, Object.keys(documented.headers ?? {}))
    if (wrong !== null) return wrong
    if (documented.content === undefined) return text === '' ? null : 'a body where none is documented'
    const mediaType = mediaTypeOf(answer)
    if (mediaType === null || !(mediaType in documented.content)) return `the media type ${mediaType} is not documented`
    const place = ['paths', path, method.toLowerCase(), 'responses', `${status}`, 'content', mediaType, 'schema']
    return checkAt(place)(mediaType === 'application/json' ? JSON.parse(text) : text)
  }
}

/** Of no answer may anything be kept by others; each names its request, an error in its body too. */
function faultInHeaders({ headers, text, status }: JudgedAnswer, documented: readonly string[]): string | null {
  const missing = documented.filter((name) => headers[name.toLowerCase()] === undefined)
  if (missing.length > 0) return `the header ${missing.join(', ')} is missing`
  if (headers['cache-control'] !== 'no-store') return 'the answer may be kept'
  if (headers['x-content-type-options'] !== 'nosniff') return 'its media type may be guessed'
  const seconds = JSON.stringify(headers['retry-after'] ?? '1')
  if (!/^"[1-9]\d{0,3}"$/.test(seconds)) return `Retry-After is ${seconds}`
  const id = String(headers['x-request-id'])
  return status < 400 || text.includes('"reasons"') || text.includes(`"requestId":"${id}"`) ? null : `not named ${id}`
}

/** The one that Fastify brings with it. */
function createValidator(): Validator {
  const ofFastify = createRequire(createRequire(import.meta.url).resolve('@fastify/ajv-compiler'))
  // Loaded by name, they come without their types.
  const { Ajv2020 } = ofFastify('ajv/dist/2020.js') as { readonly Ajv2020: new (options: object) => Validator }
  const addFormats = ofFastify('ajv-formats') as (validator: Validator) => void
  const validator = new Ajv2020({ strict: false, logger: false, validateSchema: false })
  addFormats(validator)
  return validator
}
