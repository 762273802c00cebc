import { readFileSync, readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { headerKey } from '../../src/signing/reserved-headers.ts'
import { recordWire, wireScenarios } from '../golden/wire-scenarios.ts'
import { makeCertificate, type Certificate } from '../transport/hostile/certificate.ts'

const folder = new URL('../golden/wire/', import.meta.url)
const golden = (name: string): string => readFileSync(new URL(`${name}.http`, folder), 'latin1')
const scenarios = Object.entries(wireScenarios)

/** All that may stand in a request beside an endpoint's own headers. */
const table = new Set([
  'host',
  'connection',
  'content-length',
  'Content-Type',
  'User-Agent',
  'X-Event-Type',
  'X-Event-Id',
  'X-Event-Attempt',
  'X-Event-Sequence',
  'X-Event-Sequence-Signature',
  'X-Signature',
  'webhook-id',
  'webhook-timestamp',
  'webhook-signature',
])

/** The header names of each request in a recording. */
function headerNames(recording: string): string[][] {
  const heads = recording.split(/(?=POST \/hooks)/).map((request) => request.slice(0, request.indexOf('\r\n\r\n')))
  return heads.map((head) =>
    head
      .split('\r\n')
      .slice(1)
      .map((line) => line.slice(0, line.indexOf(':'))),
  )
}

describe('every byte of a request is as it was:', () => {
  let certificate: Certificate
  beforeAll(() => {
    certificate = makeCertificate()
  })

  it.each(scenarios)('%s', async (name, scenario) => {
    expect(await recordWire(scenario)).toBe(golden(name))
  })

  it.each(scenarios)('%s, over https', async (name, scenario) => {
    expect(await recordWire(scenario, certificate)).toBe(golden(name))
  })
})

describe('the golden requests', () => {
  it('are those of the scenarios', () => {
    expect(readdirSync(folder).sort()).toEqual(scenarios.map(([name]) => `${name}.http`).sort())
  })

  it.each(scenarios)(
    'hold each header once, and none beside the table and the endpoint’s own: %s',
    (name, scenario) => {
      const requests = headerNames(golden(name))
      expect(requests).toHaveLength(scenario.answers === undefined ? 1 : 2)
      const own = [...Object.keys(scenario.options?.headers ?? {}), scenario.options?.signing?.header]
      for (const names of requests) {
        expect(new Set(names.map(headerKey)).size).toBe(names.length)
        expect(names.filter((header) => !table.has(header) && !own.includes(header))).toEqual([])
      }
    },
  )

  it('of a retry and of a redelivery differ from the first in the number of the attempt alone', () => {
    for (const name of ['retry', 'redelivery']) {
      const [first, second] = golden(name).split(/(?=POST \/hooks)/)
      expect(second).toBe(first!.replace('X-Event-Attempt: 1', 'X-Event-Attempt: 2'))
    }
  })
})
