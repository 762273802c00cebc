import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/cli/config/load-config.ts'
import { showConfig } from '../../../src/cli/config/show-config.ts'
import { engineOptions } from '../../../src/cli/config/engine-options.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const load = (yaml: string | null, environment: Record<string, string> = {}, flags: Record<string, unknown> = {}) => {
  if (yaml !== null) writeFileSync(join(folder, 'hookline.yaml'), yaml)
  return loadConfig({ flags, environment, folder })
}

const problems = (...given: Parameters<typeof load>): string[] => {
  try {
    load(...given)
  } catch (error) {
    return (error as Error).message.split('\n  ').slice(1)
  }
  return []
}

describe('the configuration', () => {
  test('is whole with nothing given', () => {
    const { config, sources, file } = load(null)
    expect(config).toMatchObject({ store: './hookline.db', host: '127.0.0.1', port: 3080, concurrency: 256 })
    expect(config.keys).toBe('./hookline.db.keys.json')
    expect(config.egress.privateNetworks).toBe('allow')
    expect([...sources.values()].every(({ kind }) => kind === 'default')).toBe(true)
    expect(file).toBeNull()
  })

  test('takes the file, over it the environment, over it the flags', () => {
    const { config, sources } = load(
      'port: 1\nhost: 127.0.0.2\nretry:\n  maxAttempts: 2\n',
      { HOOKLINE_PORT: '2', HOOKLINE_RETRY_MAX_ATTEMPTS: '3' },
      { port: '3' },
    )
    expect(config).toMatchObject({ port: 3, host: '127.0.0.2', retry: { maxAttempts: 3, initialDelayMs: 1000 } })
    expect(sources.get('port')).toEqual({ kind: 'flag', name: '--port' })
    expect(sources.get('retry.maxAttempts')).toEqual({ kind: 'variable', name: 'HOOKLINE_RETRY_MAX_ATTEMPTS' })
    expect(sources.get('host')).toEqual({ kind: 'file', file: 'hookline.yaml', line: 2 })
  })

  test('takes the file that --config names, or else HOOKLINE_CONFIG', () => {
    writeFileSync(join(folder, 'one.yaml'), 'port: 11')
    writeFileSync(join(folder, 'two.yaml'), 'port: 12')
    expect(load(null, { HOOKLINE_CONFIG: 'one.yaml' }).config.port).toBe(11)
    expect(load(null, { HOOKLINE_CONFIG: 'one.yaml' }, { config: 'two.yaml' }).config.port).toBe(12)
    expect(() => load(null, {}, { config: 'three.yaml' })).toThrow('"three.yaml" cannot be read (ENOENT)')
  })

  test('takes lists from the environment with commas, and whatever holds more as JSON', () => {
    const { config } = load(null, {
      HOOKLINE_EGRESS_ALLOW: '10.0.0.0/8, hooks.internal',
      HOOKLINE_RETRY_RETRYABLE_STATUSES: '408,429',
      HOOKLINE_RETRY_POLICIES: '[{"eventTypes":["payment.*"],"retry":{"maxAttempts":9}}]',
      HOOKLINE_LOG_PRETTY: 'true',
    })
    expect(config.egress.allow).toEqual(['10.0.0.0/8', 'hooks.internal'])
    expect(config.retry.retryableStatuses).toEqual([408, 429])
    expect(config.retryPolicies).toEqual([{ eventTypes: ['payment.*'], retry: { maxAttempts: 9 } }])
    expect(config.log.pretty).toBe(true)
  })

  test('cuts a first delay that nobody chose to the longest delay, as the engine does', () => {
    expect(load('retry: { maxDelayMs: 200 }').config.retry.initialDelayMs).toBe(200)
    expect(engineOptions(load(null).config).rateLimit).toBeNull()
  })

  test('passes over what Kubernetes says of a Service called hookline', () => {
    const environment = {
      HOOKLINE_PORT: 'tcp://10.3.240.20:3080',
      HOOKLINE_SERVICE_HOST: '10.3.240.20',
      HOOKLINE_SERVICE_PORT: '3080',
      HOOKLINE_PORT_3080_TCP: 'tcp://10.3.240.20:3080',
      HOOKLINE_PORT_3080_TCP_ADDR: '10.3.240.20',
    }
    expect(load(null, environment).config.port).toBe(3080)
  })
})

describe('a problem', () => {
  test('is told with key, source, what was given and what is valid: all at once', () => {
    const yaml = [
      'port: 70000',
      'retry:',
      '  maxAttempts: "5"',
      '  jiter: 0.5',
      'retryPolicies:',
      '  - eventTypes: [payment.*]',
      '    retry:',
      '      multiplier: 0',
      'egress:',
      '  allow: [10.0.0.0/99]',
    ].join('\n')
    expect(problems(yaml, { HOOKLINE_TIMEOUT_MS: '5s', HOOKLINE_CONCURENCY: '5' }, { logLevel: 'loud' })).toEqual([
      'hookline.yaml:4: retry.jiter is no key; did you mean jitter?',
      'HOOKLINE_CONCURENCY is no variable of hookline; did you mean HOOKLINE_CONCURRENCY?',
      'hookline.yaml:1: port must be a whole number from 0 to 65535, got 70000 (number)',
      'hookline.yaml:3: retry.maxAttempts must be a whole number from 1 to 1000, got "5" (string)',
      'hookline.yaml:8: retryPolicies[0].retry.multiplier must be a number from 1 to 100, got 0 (number)',
      'hookline.yaml:10: egress.allow[0] must be an IP address, a network such as "10.0.0.0/8", a host name, or "*." and a host name, got "10.0.0.0/99" (string)',
      'HOOKLINE_TIMEOUT_MS: timeoutMs must be a whole number from 1 to 600000, got "5s" (string)',
      "--log-level: log.level must be 'debug' or 'info' or 'warn' or 'error' or 'silent', got \"loud\" (string)",
    ])
  })

  test('is told also of a value that another source overrides', () => {
    expect(problems('port: x', { HOOKLINE_PORT: '1' })).toHaveLength(1)
  })

  test('is told where values fit one by one and not together', () => {
    expect(
      problems(
        'retry: { initialDelayMs: 5000, maxDelayMs: 10 }\nrateLimit: { burst: 2 }\nalerts:\n  url: https://ops.example\n',
      ),
    ).toEqual([
      expect.stringContaining('hookline.yaml:1: retry.initialDelayMs must be at most maxDelayMs (10)'),
      expect.stringContaining('hookline.yaml:2: rateLimit.burst is of no use without rateLimit.perSecond'),
      expect.stringContaining('hookline.yaml:4: alerts.url needs alerts.secret'),
    ])
  })

  test.each([
    ['- port: 1', 'hookline.yaml:1: the file must hold keys'],
    ['retry: 5', 'hookline.yaml:1: retry must hold keys (maxAttempts'],
    ['port: 1\nport: 2', 'hookline.yaml:2: it is no valid YAML: Map keys must be unique'],
    ['store: *it', 'hookline.yaml:1: store cannot be read: an alias'],
    ['port:', 'hookline.yaml:1: port must be a whole number from 0 to 65535, got null'],
  ])('is told of %j', (yaml, problem) => {
    expect(problems(yaml)).toEqual([expect.stringContaining(problem)])
  })

  test('is told of an address and a secret for alerts that the engine would refuse', () => {
    const environment = { HOOKLINE_ALERTS_URL: 'https://me:hush@ops.example', HOOKLINE_ALERTS_SECRET: 'whsk_hush!' }
    expect(problems('', environment)).toEqual([
      'HOOKLINE_ALERTS_URL: alerts.url must be an http: or https: URL without credentials, got a string of 27 characters',
      'HOOKLINE_ALERTS_SECRET: alerts.secret must be 1 to 1024 characters; after whsk_ an ed25519 key, got a string of 10 characters',
    ])
  })

  test('shows nothing of a secret', () => {
    const yaml =
      'secretKeys:\n  - { id: k1, key: hush-hush-hush }\nalerts:\n  url: "hush://hush-hush"\n  secret: [hush-hush]\n  secert: hush-hush\nstore: *hush-hush\n'
    const environment = {
      HOOKLINE_SECRET_KEYS: '[{"id":"k1","key":"hush-hush"',
      HOOKLINE_EGRESS_PROXY: 'http://me:hush-hush@',
    }
    const told = [...problems(yaml.replace('*hush-hush', 'x'), environment), ...problems(yaml)]
    expect(told).toHaveLength(11)
    expect(told.join('\n')).not.toContain('hush')
  })
})

test('what is in force is shown with its source, and without its secrets', () => {
  const key = '00'.repeat(32)
  const shown = showConfig(
    load(
      `secretKeys: [{ id: k1, key: "${key}" }]\nalerts: { url: "https://hooks.slack.example/T0/hush", secret: hush }\nport: 0`,
      {
        HOOKLINE_EGRESS_PROXY: 'http://me:hush@proxy.example:4750',
      },
    ),
  )
  const found = (path: string) => shown.find((one) => one.key === path)
  expect(found('port')).toEqual({ key: 'port', value: 0, from: 'hookline.yaml:3' })
  expect(found('secretKeys')).toEqual({ key: 'secretKeys', value: ['(hidden)'], from: 'hookline.yaml:1' })
  expect(found('alerts.url')).toMatchObject({ value: 'https://hooks.slack.example/…' })
  expect(found('egress.proxy')).toEqual({
    key: 'egress.proxy',
    value: 'http://proxy.example:4750/…',
    from: 'HOOKLINE_EGRESS_PROXY',
  })
  expect(found('timeoutMs')).toEqual({ key: 'timeoutMs', value: 30_000, from: 'default' })
  expect(JSON.stringify(shown)).not.toContain('hush')
  expect(JSON.stringify(shown)).not.toContain(key)
})
