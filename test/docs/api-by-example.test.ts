// The lines of docs/api-by-example.md, run from top to bottom in one shell, against a service and a receiver that run.
import { execFile } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Route } from '../../src/server/routes/route.ts'
import { routeTable } from '../../src/server/routes/route-table.ts'
import { startHookline } from '../cli/run-program.ts'
import { markdownBlocks, readPage } from './markdown-blocks.ts'

const page = readPage('docs/api-by-example.md')
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
  const lines = [
    'curl() { command curl --fail-with-body "$@"; }',
    ...others.reverse(),
    'unset -f curl; echo "THE LAST:"',
    refused,
  ]
  const [answers = '', last = ''] = (await run(lines.join('\n'))).split('THE LAST:\n')
  // The stream alone may fail there: it is ended in the middle.
  expect(answers).toContain('event: step\n')
  const answer = JSON.parse(last) as { error: { code: string; fields: { path: string }[] } }
  expect(answer.error.code).toBe('INVALID_REQUEST')
  expect(answer.error.fields.map(({ path }) => path)).toEqual(['/0/eventType'])
  const stats = JSON.parse(await run('curl -sS "$RECEIVER/stats"')) as { verified: number; signatureFailures: number }
  expect(stats.verified).toBeGreaterThan(4)
  expect(stats.signatureFailures).toBe(1) // the delivery that is refused on purpose
})

/** Routes that no line asks, and why. */
const leftOut: ReadonlyMap<string, string> = new Map([
  ['redeliverDeadLetter', 'named in a sentence: a line for it would need a dead letter of its own'],
  ['getVersion', 'for programs that look after many services'],
])

test('shows every route, but for those that are left out with a reason', () => {
  const asked = askedBy(markdownBlocks(page).map(({ text }) => text)).map(({ operationId }) => operationId)
  const missing = routeTable.map(({ operationId }) => operationId).filter((id) => !asked.includes(id))
  expect(missing.sort()).toEqual([...leftOut.keys()].sort())
})

/** The routes that lines of `curl` ask. @throws Error for one that there is not */
function askedBy(blocks: readonly string[]): readonly Route[] {
  const commands = blocks.flatMap((text) =>
    text
      .replaceAll('\\\n', '')
      .split(/\bcurl\b/)
      .slice(1),
  )
  return commands.map((command) => {
    const [, path = ''] = /"\$HOOKLINE([^"?]*)/.exec(command) ?? []
    const method = / -X (\w+)/.exec(command)?.[1] ?? (/ -d ['"]/.test(command) ? 'POST' : 'GET')
    const route =
      routeTable.find((one) => one.method === method && one.path === path) ??
      routeTable.find(
        (one) => one.method === method && new RegExp(`^${one.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(path),
      )
    if (route === undefined) throw new Error(`there is no route ${method} ${path}`)
    return route
  })
}
