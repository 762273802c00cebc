import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../../../src/cli/config/load-config.ts'
import { serverOptions } from '../../../src/cli/config/server-options.ts'
import { readServerSettings } from '../../../src/server/server-settings.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What the server makes of a configuration. */
function settingsOf(environment: Record<string, string>) {
  return readServerSettings(serverOptions(loadConfig({ flags: {}, environment, folder }).config))
}

test('what is configured of the server, its figures, health, streams and alerts is what the server does', () => {
  const settings = settingsOf({
    HOOKLINE_SERVER_BODY_BYTES: '2048',
    HOOKLINE_SERVER_CONNECTIONS: '7',
    HOOKLINE_SERVER_REQUEST_TIMEOUT_MS: '1234',
    HOOKLINE_METRICS_EVENT_TYPES: '3',
    HOOKLINE_HEALTH_MAX_LAG_MS: '4567',
    HOOKLINE_STREAM_CLIENTS: '5',
    HOOKLINE_ALERTS_URL: 'https://ops.example/alerts',
    HOOKLINE_ALERTS_SECRET: 'the secret of alerts',
    HOOKLINE_ALERTS_LAG_MS: '8901',
  })
  expect(settings).toMatchObject({
    limits: { bodyBytes: 2048, connections: 7, requestTimeoutMs: 1234 },
    watch: {
      metrics: { eventTypes: 3 },
      health: { maxLagMs: 4567 },
      stream: { clients: 5 },
      alerts: { url: 'https://ops.example/alerts', secret: 'the secret of alerts', lagMs: 8901 },
    },
  })
})

test('with nothing configured the server has its own defaults, and no alerts', () => {
  expect(serverOptions(loadConfig({ flags: {}, environment: {}, folder }).config).alerts).toBeNull()
  const { limits, watch } = readServerSettings({})
  expect(settingsOf({})).toMatchObject({ limits, watch })
})
