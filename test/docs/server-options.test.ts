// Holds docs/server-options.md to the code, as options.test.ts does docs/options.md.
import { describe, expect, test } from 'vitest'
import { resolveAlertOptions } from '../../src/server/alerts/alert-options.ts'
import { resolveHealthOptions } from '../../src/server/health/health-options.ts'
import { resolveMetricsOptions } from '../../src/server/metrics/metrics-options.ts'
import { defaultFailureLimits } from '../../src/server/keys/failure-limit.ts'
import { readServerLimits } from '../../src/server/server-limits.ts'
import { readServerSettings } from '../../src/server/server-settings.ts'
import { resolveStreamOptions } from '../../src/server/stream/stream-options.ts'
import { markdownTable, readPage, sectionUnder } from './markdown-blocks.ts'
import { literalIn, rangeIn } from './option-cells.ts'
import { ownPropertiesOf } from './type-reading.ts'

const page = readPage('docs/server-options.md')

interface Section {
  /** The interfaces that declare the options. */
  readonly declared: readonly (readonly [path: string, name: string])[]
  readonly resolve: (given: object) => object
}

const sections: Readonly<Record<string, Section>> = {
  createServer: {
    declared: [
      ['src/server/watch/watch-options.ts', 'WatchOptions'],
      ['src/server/server-options.ts', 'ServerOptions'],
    ],
    resolve: (given) => {
      const { watch, ...settings } = readServerSettings(given)
      return { ...settings, ...watch }
    },
  },
  limits: {
    declared: [['src/server/server-limits.ts', 'ServerLimits']],
    resolve: (given) => readServerLimits({ bodiesBytes: 1024 ** 3, ...given }),
  },
  metrics: {
    declared: [['src/server/metrics/metrics-options.ts', 'MetricsOptions']],
    resolve: (given) => resolveMetricsOptions(given, 'metrics'),
  },
  health: {
    declared: [['src/server/health/health-options.ts', 'HealthOptions']],
    resolve: (given) => resolveHealthOptions(given, 'health'),
  },
  stream: {
    declared: [['src/server/stream/stream-options.ts', 'StreamOptions']],
    resolve: (given) => resolveStreamOptions(given, 'stream'),
  },
  alerts: {
    declared: [['src/server/alerts/alert-options.ts', 'AlertOptions']],
    resolve: (given) => resolveAlertOptions({ url: 'http://127.0.0.1', ...given }, 'alerts'),
  },
}

const rows = Object.entries(sections).flatMap(([heading, { resolve }]) =>
  markdownTable(page, heading).map(([name = '', shown = '', range = '']) => {
    const option = name.replaceAll('`', '')
    return { path: `${heading}.${option}`, option, resolve, shown, range }
  }),
)

describe('the page of the options of createServer', () => {
  test.each(Object.entries(sections))('has a row for every option of %s, in order', (heading, { declared }) => {
    const shown = markdownTable(page, heading).map(([name]) => name?.replaceAll('`', ''))
    expect(shown).toEqual(declared.flatMap(([path, name]) => ownPropertiesOf(path, name)))
  })

  test.each(rows.filter(({ shown }) => literalIn(shown) !== undefined && shown.startsWith('`')))(
    'shows the default that the code has: $path',
    ({ option, resolve, shown }) => {
      expect(Reflect.get(resolve({}), option)).toEqual(literalIn(shown))
    },
  )

  test.each(rows.filter(({ range }) => rangeIn(range) !== null))(
    'shows the range that the code has: $path',
    ({ option, resolve, range }) => {
      const { min, max } = rangeIn(range)!
      for (const value of [min, max]) expect(() => resolve({ [option]: value })).not.toThrow()
      for (const value of [min - 1, max + 1, min + 0.5]) {
        expect(() => resolve({ [option]: value }), String(value)).toThrow(option)
      }
    },
  )

  test('the bounds of the API in the guarantees are those of the code', () => {
    const { limits, watch } = readServerSettings({})
    const minute = 60_000
    const bounds = {
      bodyBytes: `${limits.bodyBytes / 1024 ** 2} MiB`,
      bodiesBytes: `${limits.bodiesBytes / 1024 ** 2} MiB`,
      fanOut: limits.fanOut.toLocaleString('en-US'),
      connections: limits.connections.toLocaleString('en-US'),
      headersTimeoutMs: `${limits.headersTimeoutMs / 1000} seconds`,
      requestTimeoutMs: `${limits.requestTimeoutMs / 1000} seconds`,
      keepAliveTimeoutMs: `${limits.keepAliveTimeoutMs / 1000} seconds`,
      stalledTimeoutMs: `${limits.stalledTimeoutMs / 1000} seconds`,
      'stream.clients': `${watch.stream.clients}`,
      'stream.clientsPerTenant': `${watch.stream.clientsPerTenant}`,
      'stream.bufferedBytes': `${watch.stream.bufferedBytes / 1024 ** 2} MiB`,
      'stream.ageMs': `${watch.stream.ageMs / minute} minutes`,
      'metrics.eventTypes': `${watch.metrics.eventTypes}`,
      'wrong keys of one address': `${defaultFailureLimits.perAddress} a minute`,
      'wrong keys over all': `${defaultFailureLimits.overall.toLocaleString('en-US')} a minute`,
    }
    const [, ofTheApi = ''] = sectionUnder(readPage('docs/guarantees.md'), 'Bounds').split('Of [the API]')
    const cells = Array.from(ofTheApi.matchAll(/^\| `?([^`|]+?)(?:`.*?)? +\| ([^|]+?) +\|/gm), ([, name, shown]) => [
      name!,
      shown!,
    ])
    expect(Object.fromEntries(cells)).toMatchObject(bounds)
  })

  test('shows how large all bodies together may be', () => {
    expect(readServerLimits({}).bodiesBytes).toBe(256 * 1024 ** 2)
    expect(readServerLimits({ bodyBytes: 1024 ** 3 }).bodiesBytes).toBe(1024 ** 3)
  })
})
