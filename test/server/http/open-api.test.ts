import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { routeTable } from '../../../src/server/routes/route-table.ts'
import { makeServer, startServer } from '../start-server.ts'
import { thingsRoute } from '../test-routes.ts'

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: object; readonly securitySchemes: object }
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[]
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: object; readonly headers?: object }>
  >
  readonly security?: readonly object[]
}

async function readDocument(routes = [...routeTable, thingsRoute]): Promise<Document> {
  const { server } = makeServer({ routes })
  const { text, headers } = await server.inject({ method: 'GET', path: '/openapi.json' })
  expect(headers['content-type']).toMatch(/^application\/json/)
  return JSON.parse(text) as Document
}

const operationsOf = ({ paths }: Document): [string, string, Operation][] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, string, Operation] => [path, method, operation]),
  )

test('describes every route of the table once, and nothing else', async () => {
  const operations = operationsOf(await readDocument())
  const described = operations.map(([path, method]) => `${method.toUpperCase()} ${path}`)
  const served = [...routeTable, thingsRoute].map(
    ({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
  )
  expect(described.sort()).toEqual(served.sort())
  const ids = operations.map(([, , { operationId }]) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
})

test('every reference leads somewhere, every name of a path is a parameter, every answer is described', async () => {
  const document = await readDocument()
  expect(document.openapi).toMatch(/^3\.1\.\d+$/)
  for (const reference of referencesIn(document)) expect(resolve(document, reference)).toBeTypeOf('object')
  for (const [path, , { parameters = [], responses, security = [] }] of operationsOf(document)) {
    const named = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name).sort()
    const declared = parameters.filter((parameter) => parameter.in === 'path')
    expect(declared.map(({ name }) => name).sort()).toEqual(named)
    expect(declared.every(({ required }) => required === true)).toBe(true)
    expect(Object.entries(responses)).not.toHaveLength(0)
    for (const [status, { description }] of Object.entries(responses)) {
      expect(status).toMatch(/^[1-5]\d\d$/)
      expect(description).toMatch(/\S/)
    }
    for (const name of security.flatMap(Object.keys)) expect(document.components.securitySchemes).toHaveProperty(name)
  }
})

test('names the errors that a route can answer, by who may ask it and what it takes', async () => {
  const { paths } = await readDocument()
  for (const { method, path, access } of routeTable) {
    const operation = paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
    const statuses = ['400', '403', '500', '503']
    if (access !== 'public') statuses.push('401', '429')
    if (path.includes('/:')) statuses.push('414')
    // What is put need not have been there.
    if (path.includes('/:') && method !== 'PUT') statuses.push('404')
    if (method !== 'GET') statuses.push('413', '415')
    expect(Object.keys(operation!.responses), `${method} ${path}`).toEqual(expect.arrayContaining(statuses))
  }
})

test('gives schemas with a name a place of their own, and asks for no parameter that has a default', async () => {
  const document = await readDocument()
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(['Error', 'Thing']))
  const parameters = document.paths['/api/v1/things/{id}']!['post']!.parameters!
  expect(parameters.find(({ name }) => name === 'limit')).toMatchObject({ in: 'query', required: false })
})

test('claims the media type that is answered', async () => {
  const document = await readDocument()
  const { url } = await startServer()
  const asked = routeTable.filter(({ method, path }) => method === 'GET' && !path.includes(':'))
  const claimed: Record<string, readonly string[]> = {}
  const answered: Record<string, readonly (string | undefined)[]> = {}
  for (const { path } of asked) {
    const answer = await fetch(url + path)
    await answer.body?.cancel()
    const { content = {} } = document.paths[path]!['get']!.responses[answer.status]!
    claimed[path] = Object.keys(content)
    answered[path] = [answer.headers.get('content-type')?.split(';', 1)[0]]
  }
  expect(claimed).toEqual(answered)
  expect(answered).toMatchObject({ '/metrics': ['text/plain'], '/api/v1/deliveries/stream': ['text/event-stream'] })
})

test('every schema is one of JSON Schema 2020-12', async () => {
  // The validator that Fastify brings with it.
  const ofFastify = createRequire(createRequire(import.meta.url).resolve('@fastify/ajv-compiler'))
  // A cast because `require` may return anything; what it gives is used at once.
  const { Ajv2020 } = ofFastify('ajv/dist/2020.js') as { Ajv2020: new (options: object) => SchemaValidator }
  const ajv = new Ajv2020({ strict: false, logger: false })
  const document = await readDocument()
  const schemas = schemasIn(document)
  expect(schemas.length).toBeGreaterThan(10)
  for (const schema of schemas) expect([ajv.validateSchema(schema), ajv.errorsText()]).toEqual([true, 'No errors'])
})

test('names the headers that answers have', async () => {
  const { paths } = await readDocument()
  const { responses } = paths['/api/v1/webhooks']!['post']!
  expect(responses['201']!.headers).toEqual({
    Location: { description: 'The path of the webhook.', schema: { type: 'string' } },
  })
  expect(Object.keys(responses['401']!.headers!)).toEqual(['WWW-Authenticate'])
  for (const status of ['429', '503']) expect(Object.keys(responses[status]!.headers!)).toEqual(['Retry-After'])
  expect(paths['/health']!['get']!.responses['503']!.headers).toBeUndefined()
})

test('promises no 404 where a PUT makes what is not there', async () => {
  const { paths } = await readDocument()
  expect(paths['/api/v1/tenants/{id}']!['put']!.responses).not.toHaveProperty('404')
  expect(paths['/api/v1/keys/{id}']!['delete']!.responses).toHaveProperty('404')
})

test('shows a page that loads its own files and nothing else', async () => {
  const { server } = makeServer()
  const read = (path: string) => server.inject({ method: 'GET', path })
  const page = await read('/docs')
  expect(page.headers['content-type']).toMatch(/^text\/html/)
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/)
  expect(page.headers['content-security-policy']).not.toContain('unsafe')
  const files = Array.from(page.text.matchAll(/(?:src|href)="([^"]+)"/g), ([, file]) => file!)
  expect(page.text).not.toMatch(/https?:/)
  const loaded = files.filter((file) => file !== 'data:,')
  expect(loaded).toHaveLength(4)
  for (const file of loaded) expect([file, (await read(`/${file}`)).status]).toEqual([file, 200])
})

/** What is used of Ajv. */
interface SchemaValidator {
  validateSchema(schema: object): unknown
  errorsText(): string
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]) => (name === '$ref' ? [String(part)] : referencesIn(part)))
}

function resolve(document: unknown, reference: string): unknown {
  const names = reference.replace(/^#\//, '').split('/')
  return names.reduce<unknown>(
    (at, name) => Reflect.get(Object(at), name.replaceAll('~1', '/').replaceAll('~0', '~')),
    document,
  )
}

function schemasIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, part]: [string, unknown]) => {
    if (typeof part !== 'object' || part === null) return []
    if (name === 'schema') return [part]
    return name === 'schemas' ? Object.values<object>({ ...part }) : schemasIn(part)
  })
}
