import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { replay, StorageError } from '../../src/index.ts'
import { importJsonl } from '../../src/log/jsonl.ts'
import { HooklineError, errorCodes } from '../../src/errors/hookline-error.ts'
import type { ErrorCode } from '../../src/errors/hookline-error.ts'
import { loadStately } from '../../src/inspect/stately/stately-package.ts'
import { startEngine } from '../support/start-engine.ts'
import { headings, markdownTable, readPage, sectionUnder } from './markdown-blocks.ts'
import { literalsOf } from './type-reading.ts'

const page = readPage('docs/errors.md')

test('the errors page has a heading for every code, and for no other', () => {
  expect(headings(sectionUnder(page, 'Codes'))).toEqual([...errorCodes])
})

test('the errors page has a row for every reason of a failure, and for no other', () => {
  const reasons = [
    ...literalsOf('src/transport/transport.ts', 'TransportFailureReason'),
    ...literalsOf('src/attempt/failure.ts', 'FailureReason'),
  ]
  const rows = markdownTable(page, 'Failure reasons').map(([reason]) => reason?.replaceAll('`', ''))
  expect(rows.sort()).toEqual(reasons.sort())
})

test('the errors page has a row for every reason of a StorageError, and for no other', () => {
  const rows = markdownTable(page, 'STORAGE_FAILED').map(([reason]) => reason?.replaceAll('`', ''))
  expect(rows).toEqual(literalsOf('src/errors/errors.ts', 'StorageFailure'))
})

test('the errors page has a row for every error that the API answers, and for no other', () => {
  const sources = readdirSync('src/server', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`src/server/${file}`, 'utf8'))
  const own = sources.flatMap((text) => [...text.matchAll(/new ApiError\(\s*(\d{3}),\s*'([A-Z_]+)'/g)])
  // The table in which the codes of the library have their status.
  const [statuses = ''] = /const statuses[^}]+\}/.exec(readFileSync('src/server/http/error-answer.ts', 'utf8')) ?? []
  const ofCore = Array.from(statuses.matchAll(/([A-Z_]+): (\d{3})/g), ([, code, status]) => `${status} ${code}`)
  const answered = new Set([...own.map(([, status, code]) => `${status} ${code}`), ...ofCore])
  expect(ofCore.length).toBeGreaterThan(10)
  const shown = markdownTable(page, 'Answers of the API').map(([status, code]) =>
    `${status} ${code}`.replaceAll('`', ''),
  )
  expect(shown).toEqual([...answered].sort())
})

/** How to come by each error. */
const provocations: Readonly<Record<ErrorCode, () => unknown>> = {
  ENDPOINT_NOT_FOUND: () => startEngine().service.submitEvent('ep_unknown', 'a', {}),
  EVENT_NOT_FOUND: () => startEngine().service.getEventStatus('evt_unknown'),
  ENDPOINT_DISABLED: async () => {
    const engine = startEngine()
    const endpointId = engine.register()
    engine.transport.respond(() => 410)
    engine.service.submitEvent(endpointId, 'a', {})
    await engine.quiet()
    engine.service.submitEvent(endpointId, 'a', {})
  },
  INVALID_URL: () => startEngine().service.registerEndpoint('ftp://merchant.example', 'secret'),
  INVALID_SECRET: () => startEngine().service.registerEndpoint('https://merchant.example', ''),
  INVALID_PAYLOAD: () => {
    const engine = startEngine()
    engine.service.submitEvent(engine.register(), 'a', { total: 1n })
  },
  INVALID_OPTION: () => startEngine({ retry: { maxAttempts: 0 } }),
  PAYLOAD_TOO_LARGE: () => {
    const engine = startEngine()
    engine.service.submitEvent(engine.register(), 'a', 'x'.repeat(2_000_000))
  },
  CAPACITY_REACHED: () => {
    const engine = startEngine({ limits: { pendingEvents: 1 } })
    const endpointId = engine.register()
    engine.service.submitEvent(endpointId, 'a', {})
    engine.service.submitEvent(endpointId, 'a', {})
  },
  EVENT_NOT_SETTLED: () => {
    const engine = startEngine()
    engine.service.removeEvent(engine.service.submitEvent(engine.register(), 'a', {}))
  },
  IDEMPOTENCY_CONFLICT: () => {
    const engine = startEngine()
    const endpointId = engine.register()
    engine.service.submitEvent(endpointId, 'a', 1, { idempotencyKey: 'key' })
    engine.service.submitEvent(endpointId, 'a', 2, { idempotencyKey: 'key' })
  },
  SERVICE_CLOSED: () => {
    const engine = startEngine()
    const endpointId = engine.register()
    void engine.service.shutdown()
    engine.service.submitEvent(endpointId, 'a', {})
  },
  LOG_DIVERGED: async () => {
    const engine = startEngine()
    engine.service.submitEvent(engine.register(), 'a', {})
    await engine.quiet()
    replay(
      Array.from(engine.service.log.entries(), (record) =>
        record.seq === 2 ? { ...record, to: 'delivered' } : record,
      ),
    )
  },
  LOG_MALFORMED: () => [...importJsonl(['{"seq":1,"at":"2025-'])],
  MISSING_DEPENDENCY: () => loadStately(true, () => Promise.reject(new Error('Cannot find package'))),
  STORAGE_FAILED: () => {
    throw new StorageError('sqliteLog: the file cannot be opened', 'notOpened', false)
  },
}

describe('the errors page quotes what is really said', () => {
  test.each(Object.entries(provocations))('%s', async (code, provoke) => {
    const [, quoted] = /^> (.+)$/m.exec(sectionUnder(page, code)) ?? []
    const error = await thrownBy(provoke)
    expect(error).toMatchObject({ code, message: quoted })
    expect(sectionUnder(page, code)).toContain(`\`${error.name}\``)
  })
})

async function thrownBy(provoke: () => unknown): Promise<HooklineError> {
  try {
    await provoke()
  } catch (error) {
    if (error instanceof HooklineError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
