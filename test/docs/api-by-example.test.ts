// The lines of docs/api-by-example.md, run from top to bottom in one shell, against a service and a receiver that run.
import { execFile } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routeTable } from '../../src/server/routes/route-table.ts'
import { startHookline } from '../cli/run-program.ts'
import { markdownBlocks, readPage } from './markdown-blocks.ts'

const page = readPage('docs/api-by-example.md')
const requests = readPage('docs/api.http')
const secret = 'a secret of the examples'
const folder = mkdtempSync(join(tmpdir(), 'hookline-api-'))
const limitMs = 60_000
const running: ChildProcessWithoutNullStreams[] = []

/** Those that start what is started here, on ports that are free, and say where. */
const startLines = markdownBlocks(page).slice(0, 2)
let service = ''
let receiver = ''

/** Starts a command that goes on, and waits until it says where. */
function start(args: readonly string[], where: RegExp): Promise<string> {
  const child = startHookline(args)
  running.push(child)
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (text: Buffer): void => {
      said += text.toString()
      const found = where.exec(said)?.[0]
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('close', () => reject(new Error(`it ended: ${said}`)))
  })
}

beforeAll(async () => {
  const address = /http:\/\/127\.0\.0\.1:\d+/
  receiver = await start(['receive', '--port', '0', '--secret', secret, '--quiet'], address)
  service = await start(['serve', '--port', '0', '--store', join(folder, 'hookline.db')], address)
}, limitMs)

afterAll(async () => {
  const ended = running.map((child) => new Promise((resolve) => child.once('close', resolve)))
  for (const child of running) child.kill()
  await Promise.all(ended)
  rmSync(folder, { recursive: true })
}, limitMs)

/** Runs lines in a shell in which every `curl` fails for what is no answer, and prints what it is answered with. */
function run(lines: string): Promise<string> {
  const env = { PATH: process.env['PATH'], HOOKLINE: service, RECEIVER: receiver, RECEIVER_SECRET: secret, KEY: '' }
  return new Promise((resolve, reject) => {
    execFile(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', lines],
      { env, timeout: limitMs },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else reject(new Error(`${error.message}\n${stdout}\n${stderr}`))
      },
    )
  })
}

test('starts with what is started here', () => {
  expect(startLines.map(({ text }) => text.split(' ').slice(0, 2).join(' '))).toEqual([
    'hookline serve',
    'export HOOKLINE=http://127.0.0.1:3080',
  ])
})

test('every line does what the page says', { timeout: limitMs }, async () => {
  const blocks = markdownBlocks(page).slice(2)
  const [refused, ...others] = blocks.map(({ text }) => text).reverse()
  const failing = 'curl() { command curl --fail-with-body "$@"; }\n'
  await run(`${failing}${others.reverse().join('\n')}`)
  const answer = JSON.parse(await run(refused!)) as { error: { code: string; fields: { path: string }[] } }
  expect(answer.error.code).toBe('INVALID_REQUEST')
  expect(answer.error.fields.map(({ path }) => path)).toEqual(['/0/eventType'])
  const stats = JSON.parse(await run('curl -sS "$RECEIVER/stats"')) as { verified: number; signatureFailures: number }
  expect(stats.verified).toBeGreaterThan(4)
  expect(stats.signatureFailures).toBe(0)
})

describe('docs/api.http', () => {
  const listed = [...requests.matchAll(/^(GET|POST|PATCH|DELETE) \{\{hookline\}\}([^\s?]*)/gm)].map(
    ([, method, path]) => `${method} ${path!.replaceAll(/\{\{\w+\}\}/g, ':id')}`,
  )
  const routes = routeTable.map(({ method, path }) => `${method} ${path}`)

  test('asks for nothing that there is not', () => {
    expect(listed.filter((request) => !routes.includes(request))).toEqual([])
  })

  test('has every resource of the page', () => {
    expect(new Set(listed).size).toBe(listed.length - 1) // events: one, and several
    const resources = new Set(
      routes.map((route) => /\/api\/v1\/(webhooks|events|deliveries|dlq|stats)\b/.exec(route)?.[1]),
    )
    resources.delete(undefined)
    for (const resource of resources) expect(listed.some((request) => request.includes(`/${resource}`))).toBe(true)
  })
})
