// The requests of docs/api.http, sent from top to bottom to a service that runs.
import { expect, test } from 'vitest'
import { systemClock } from '../../src/clock/system-clock.ts'
import { systemRandomBytes } from '../../src/random/random-bytes.ts'
import { issueKey } from '../../src/server/keys/issue-key.ts'
import { memoryKeys } from '../../src/server/keys/memory-keys.ts'
import { routeTable } from '../../src/server/routes/route-table.ts'
import { mediaTypeOf, readApiDocument } from '../server/fuzz/api-document.ts'
import type { JudgedAnswer, Operation } from '../server/fuzz/api-document.ts'
import { secret, startApi } from '../server/routes/start-api.ts'
import { fillVariables, readHttpFile, valueAt } from './http-file.ts'
import type { HttpFileRequest } from './http-file.ts'
import { readPage } from './markdown-blocks.ts'

const file = readHttpFile(readPage('docs/api.http'))

test('every request is answered as the API says of when all is well', async () => {
  const keys = memoryKeys()
  const ports = { clock: systemClock, randomBytes: systemRandomBytes }
  const { text: key } = await issueKey(keys, { name: 'reader of the page', role: 'admin', tenantId: null }, ports)
  const { server, url, receiver, service, settled } = await startApi({}, { keys })
  const document = await readApiDocument(server)
  const values = new Map(Object.entries({ hookline: url, receiver: receiver.url, secret, key }))
  for (const request of file.requests) {
    const answer = await send(request, values)
    const operation = operationOf(document.operations, request)
    expect([request.name, answer.status < 300, document.judge(operation, answer)]).toEqual([request.name, true, null])
    for (const { variable, path } of request.tells) values.set(variable, String(valueAt(JSON.parse(answer.text), path)))
    // Whoever sends them by hand gives the deliveries their time.
    const { events } = service.listEvents({ status: ['pending', 'delivering', 'backoff'] })
    for (const { id } of events) await settled(id)
  }
  expect([...values.keys()].sort()).toEqual([...file.variables].sort())
  expect(receiver.requests.length).toBeGreaterThan(4)
})

test('asks every route of the API', () => {
  const asked = new Set(file.requests.map((request) => operationOf(routeTable, request).operationId))
  expect(routeTable.map(({ operationId }) => operationId).filter((id) => !asked.has(id))).toEqual([])
})

async function send(
  { method, url, headers, body }: HttpFileRequest,
  values: ReadonlyMap<string, string>,
): Promise<JudgedAnswer> {
  const answer = await fetch(fillVariables(url, values), {
    method,
    headers: headers.map(([name, value]): [string, string] => [name, fillVariables(value, values)]),
    ...(body !== null && { body: fillVariables(body, values) }),
  })
  const received = Object.fromEntries(answer.headers)
  const text =
    mediaTypeOf({ headers: received }) === 'text/event-stream' ? await firstSteps(answer) : await answer.text()
  return { status: answer.status, headers: received, text }
}

/** What a stream, which does not end, brings up to its first step. */
async function firstSteps({ body }: Response): Promise<string> {
  let text = ''
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString()
    if (text.includes('\nevent: step\n')) break
  }
  return text
}

function operationOf<One extends Pick<Operation, 'method' | 'path'>>(
  operations: readonly One[],
  { method, url }: HttpFileRequest,
): One {
  const path = url.replace('{{hookline}}', '').split('?', 1).join('')
  const fits = (one: One): boolean => new RegExp(`^${one.path.replaceAll(/:\w+|\{\w+\}/g, '[^/]+')}$`).test(path)
  const found = operations.filter((one) => one.method === method && fits(one))
  const plain = found.find((one) => one.path === path) ?? found[0]
  if (plain === undefined) throw new Error(`there is no route ${method} ${path}`)
  return plain
}
