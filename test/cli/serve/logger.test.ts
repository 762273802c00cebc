import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const logger = new URL('../../../src/cli/serve/logger.ts', import.meta.url).href
const clock = new URL('../../../src/clock/system-clock.ts', import.meta.url).href
const tsx = import.meta.resolve('tsx')

/** What a program that logs so has written to its standard output. */
function written(pretty: boolean, act: string): string {
  const code = `import { createLogger } from ${JSON.stringify(logger)}
    import { systemClock } from ${JSON.stringify(clock)}
    const { log, flush } = createLogger({ level: 'info', pretty: ${pretty} }, false, systemClock)
    ${act}
    flush()`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', tsx, '--input-type=module', '--eval', code],
    { encoding: 'utf8' },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

const careless = `
  for (const name of ['secret', 'key', 'password', 'payload', 'body', 'headers', 'authorization', 'cookie']) {
    log.info({ [name]: 'hush' }, 'a field')
    log.info({ endpoint: { [name]: { inner: 'hush' } } }, 'a field of a field')
  }`

test.each([
  ['for programs', false],
  ['for people', true],
])('what is secret by its name is hidden, should anything ever log it: %s', (_, pretty) => {
  const text = written(pretty, careless)
  expect(text).not.toContain('hush')
  expect(text.match(/\(hidden\)/g)).toHaveLength(16)
})

test('a line is JSON with its level by name and its time in ISO 8601', () => {
  const lines = written(false, `log.warn({ endpointId: 'ep_1' }, 'said')`).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      endpointId: 'ep_1',
      msg: 'said',
    }),
  ])
})

test('below its level nothing is written', () => {
  expect(written(false, `log.debug({}, 'said')`)).toBe('')
})

test('for people a request is said in words, and what is null is not said', () => {
  const request = `{ requestId: 'req_1', method: 'GET', route: '/health', status: 200, ms: 3, keyId: null }`
  expect(written(true, `log.info(${request}, 'request')`)).toMatch(
    /^\[[\d:.]+\] INFO: GET \/health: 200, 3 ms \{"requestId":"req_1"\}\n$/,
  )
})

test('for people a line has what it says beside its words', () => {
  expect(written(true, `log.warn({ endpointId: 'ep_1', status: 500 }, 'said')`)).toMatch(
    /WARN: said \{"endpointId":"ep_1","status":500\}\n$/,
  )
})
