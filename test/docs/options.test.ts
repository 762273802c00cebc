// Holds docs/options.md to the code: every option has its row, and defaults and ranges are those of the readers.
import { describe, expect, test } from 'vitest'
import { resolveSubmitOptions } from '../../src/admission/submit-options.ts'
import { resolveAutoDisable } from '../../src/health/auto-disable.ts'
import { resolveBreaker } from '../../src/health/breaker-settings.ts'
import { resolveEndpointOptions } from '../../src/endpoint/endpoint-options.ts'
import { resolveRateLimit } from '../../src/endpoint/rate-limit.ts'
import { serviceEventTypes } from '../../src/notices/notices.ts'
import { resolveRetention, resolveServiceLimits } from '../../src/service-limits.ts'
import { readStatelyOptions } from '../../src/inspect/stately/stately-options.ts'
import { resolveServiceOptions } from '../../src/service-options.ts'
import { resolveBehaviour } from '../../src/testing/simulation/endpoint-behaviour.ts'
import { resolveSimulation } from '../../src/testing/simulation/simulation-options.ts'
import { retryDelayMs } from '../../src/retry/retry-delay.ts'
import { defaultRetryPolicy, resolveRetryPolicy } from '../../src/retry/retry-policy.ts'
import { resolveSigningOptions } from '../../src/signing/signing-options.ts'
import { readVerifyInput } from '../../src/verify/verify-input.ts'
import { startEngine } from '../support/start-engine.ts'
import { markdownTable, readPage } from './markdown-blocks.ts'
import { literalIn, rangeIn } from './option-cells.ts'
import { propertiesOf } from './type-reading.ts'

const page = readPage('docs/options.md')

interface Section {
  /** The interface that declares the options. */
  readonly declared: readonly [path: string, name: string]
  /** The reader; absent where the options are read inside a call, which then has tests of its own below. */
  readonly resolve?: (given: object) => object
  /** What must be given beside any one option. */
  readonly needed?: object
}

const sections: Readonly<Record<string, Section>> = {
  createWebhookService: {
    declared: ['src/service-options.ts', 'WebhookServiceOptions'],
    resolve: (given) => resolveServiceOptions(given, {}),
  },
  retry: {
    declared: ['src/retry/retry-policy.ts', 'RetryOptions'],
    resolve: (given) => resolveRetryPolicy(given, 'retry', defaultRetryPolicy),
  },
  retryPolicies: { declared: ['src/retry/retry-policies.ts', 'RetryPolicyRule'] },
  limits: {
    declared: ['src/service-limits.ts', 'ServiceLimitOptions'],
    resolve: (given) => resolveServiceLimits(given, 'limits'),
  },
  retention: {
    declared: ['src/service-limits.ts', 'RetentionOptions'],
    resolve: (given) => resolveRetention(given, 'retention', false),
  },
  egress: { declared: ['src/transport/egress/egress-policy.ts', 'EgressOptions'] },
  registerEndpoint: {
    declared: ['src/endpoint/endpoint-options.ts', 'EndpointOptions'],
    resolve: (given) => resolveEndpointOptions(given, { retry: defaultRetryPolicy }),
  },
  signing: {
    declared: ['src/signing/signing-options.ts', 'SigningOptions'],
    resolve: (given) => resolveSigningOptions(given, 'signing'),
  },
  rateLimit: {
    declared: ['src/endpoint/rate-limit.ts', 'RateLimitOptions'],
    resolve: (given) => resolveRateLimit(given, 'rateLimit'),
    needed: { perSecond: 1 },
  },
  breaker: {
    declared: ['src/health/breaker-settings.ts', 'BreakerSettings'],
    resolve: (given) => resolveBreaker(given, 'breaker'),
    needed: { failures: 1, cooldownMs: 1 },
  },
  autoDisable: {
    declared: ['src/health/auto-disable.ts', 'AutoDisableOptions'],
    resolve: (given) => resolveAutoDisable(given, 'autoDisable'),
    needed: { afterMs: 1 },
  },
  submitEvent: {
    declared: ['src/admission/submit-options.ts', 'SubmitOptions'],
    resolve: (given) => resolveSubmitOptions(given),
  },
  listEvents: { declared: ['src/event/event-query.ts', 'EventQuery'] },
  rotateSecret: { declared: ['src/webhook-service.ts', 'RotateSecretOptions'] },
  shutdown: { declared: ['src/shutdown.ts', 'ShutdownOptions'] },
  verifySignature: {
    declared: ['src/verify/verify-input.ts', 'VerifyInput'],
    resolve: (given) => {
      const { bodySigning, ...settings } = readVerifyInput({ secret: 's', headers: {}, body: '', ...given })
      return { ...settings, scheme: bodySigning === null ? 'standard' : 'body', ...bodySigning }
    },
  },
  attachInspector: { declared: ['src/inspect/inspector.ts', 'AttachOptions'] },
  inspectLogFile: { declared: ['src/inspect/inspector.ts', 'LogFileOptions'] },
  stately: {
    declared: ['src/inspect/stately/stately-options.ts', 'StatelyOptions'],
    resolve: (given) => {
      const settings = readStatelyOptions(given, 'stately')
      return { ...settings, url: settings.url.href }
    },
  },
  createReceiver: { declared: ['src/testing/receiver.ts', 'ReceiverOptions'] },
  createVirtualClock: { declared: ['src/testing/virtual-clock.ts', 'VirtualClockOptions'] },
  runToRest: { declared: ['src/testing/run-to-rest.ts', 'RunToRestOptions'] },
  simulate: {
    declared: ['src/testing/simulation/simulation-options.ts', 'SimulationOptions'],
    resolve: (given) => resolveSimulation(given),
    needed: { seed: 1 },
  },
  'endpoints of simulate': {
    declared: ['src/testing/simulation/endpoint-behaviour.ts', 'EndpointBehaviour'],
    resolve: (given) => {
      const { latency, ...behaviour } = resolveBehaviour(given, 'endpoints')
      return { ...behaviour, latencyMs: latency.p50 }
    },
  },
}

/** What must be given beside one option in particular. */
const neededFor: Readonly<Record<string, object>> = {
  'registerEndpoint.concurrency': { ordering: 'key' }, // 'fifo' allows but one
  'verifySignature.header': { scheme: 'body' },
  'verifySignature.prefix': { scheme: 'body' },
  'verifySignature.encoding': { scheme: 'body' },
}

/** Defaults that are made from other options or drawn from a seed, which a literal cannot show. */
const computed = new Set(['rateLimit.burst', 'autoDisable.warningMs', 'simulate.events', 'simulate.durationMs'])

const rows = Object.entries(sections).flatMap(([heading, section]) =>
  markdownTable(page, heading).map(([name = '', shown = '', range = '']) => {
    const option = name.replaceAll('`', '')
    return { path: `${heading}.${option}`, option, section, shown, range }
  }),
)

describe('the options page', () => {
  test.each(Object.entries(sections))('has a row for every option of %s, in order', (heading, { declared }) => {
    const shown = rows.filter(({ path }) => path.startsWith(`${heading}.`)).map(({ option }) => option)
    expect(shown).toEqual(propertiesOf(...declared))
  })

  test.each(rows.filter(({ section }) => section.resolve !== undefined))(
    'shows the default that the code has: $path',
    ({ path, option, section, shown }) => {
      const needed = section.needed ?? {}
      const beside = path === 'registerEndpoint.concurrency' ? {} : neededFor[path]
      const value: unknown = Reflect.get(section.resolve?.({ ...needed, ...beside }) ?? {}, option)
      const literal = literalIn(shown)
      if (literal !== undefined) expect(value).toEqual(literal)
      else if (!(option in needed) && !computed.has(path)) expect(isPlain(value)).toBe(false)
    },
  )

  test.each(rows.filter(({ section, range }) => section.resolve !== undefined && rangeIn(range) !== null))(
    'shows the range that the code has: $path',
    ({ path, option, section, range }) => {
      const { min, max, whole } = rangeIn(range)!
      const given = (value: number) => section.resolve?.({ ...section.needed, ...neededFor[path], [option]: value })
      const accepted = [min, max]
      const refused = [min - 0.000001, max + 1, ...(whole ? [min + 0.5] : [])]
      for (const value of accepted) expect(() => given(value)).not.toThrow()
      for (const value of refused) expect(() => given(value), String(value)).toThrow(option)
    },
  )

  test('shows the default delays that the code draws', () => {
    const { maxAttempts } = defaultRetryPolicy
    let sum = 0
    const drawn = Array.from({ length: maxAttempts }, (_, index) => {
      const failed = index + 1
      if (failed === maxAttempts) return [`${failed}`, 'never', '', '', '']
      const [earliest, middle, latest] = [0, 0.5, 1].map((chance) =>
        retryDelayMs(defaultRetryPolicy, failed, () => chance),
      )
      sum += middle! / 1000
      return [failed, middle! / 1000, earliest! / 1000, latest! / 1000, sum].map(String)
    })
    expect(markdownTable(page, 'Default delays')).toEqual(drawn)
  })
})

test('the options page has a row for every service event, and for no other', () => {
  const shown = markdownTable(page, 'Service events').map(([type]) => type?.replaceAll('`', ''))
  expect(shown).toEqual(serviceEventTypes)
})

describe('what the options page says of options that are read inside a call', () => {
  const shownFor = (path: string) => literalIn(rows.find((row) => row.path === path)!.shown)

  test('the old secret signs beside the new one for overlapMs', async () => {
    const engine = startEngine()
    const endpointId = engine.register()
    engine.service.rotateSecret(endpointId, 'the new secret')
    const signatures = async (): Promise<number> => {
      engine.service.submitEvent(endpointId, 'a', {})
      await engine.quiet()
      return engine.transport.requests.at(-1)!.header('webhook-signature')!.split(' ').length
    }
    const overlapMs = shownFor('rotateSecret.overlapMs') as number
    await engine.clock.advance(overlapMs - 1)
    expect(await signatures()).toBe(2)
    await engine.clock.advance(1)
    expect(await signatures()).toBe(1)
  })

  test('shutdown does not drain', async () => {
    expect(shownFor('shutdown.drain')).toBe(false)
    const engine = startEngine()
    engine.service.submitEvent(engine.register(), 'a', {})
    const { undelivered } = await engine.service.shutdown()
    expect(undelivered).toHaveLength(1)
  })

  test.each(['shutdown.timeoutMs', 'rotateSecret.overlapMs'])('its range: %s', (path) => {
    const { range } = rows.find((row) => row.path === path)!
    const { min, max } = rangeIn(range)!
    for (const value of [min - 1, max + 1, 0.5]) {
      const engine = startEngine()
      const call =
        path === 'shutdown.timeoutMs'
          ? () => void engine.service.shutdown({ timeoutMs: value })
          : () => engine.service.rotateSecret(engine.register(), 'new', { overlapMs: value })
      expect(call).toThrow(`must be a whole number from ${min} to ${max}`)
    }
  })

  test.each(['egress.allow', 'egress.deny'])('no rule stands in %s', (path) => {
    expect(shownFor(path)).toEqual([])
  })

  test('private networks are open, but not in production', () => {
    const permits = (NODE_ENV?: string) =>
      resolveServiceOptions(undefined, { NODE_ENV }).egress.permits('127.0.0.1', 'localhost', 80)
    expect(rows.find(({ path }) => path === 'egress.privateNetworks')!.shown).toBe(
      "`'allow'`; with `NODE_ENV=production` `'deny'`",
    )
    expect([permits(), permits('production')]).toEqual([true, false])
  })

  test('no proxy is used', () => {
    expect(rows.find(({ path }) => path === 'egress.proxy')!.shown).toBe('none')
    expect(resolveServiceOptions(undefined, {}).egress.proxy).toBe(null)
  })

  test('plain http is allowed', () => {
    expect(resolveServiceOptions(undefined, {}).egress.httpsOnly).toBe(shownFor('egress.httpsOnly'))
  })
})

/** Whether a default could be shown as a literal. */
function isPlain(value: unknown): boolean {
  return ['number', 'string', 'boolean'].includes(typeof value)
}
