import fc from 'fast-check'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { InvalidOptionError, type WebhookService } from '../../src/index.ts'
import { headerKey, isReservedHeader } from '../../src/signing/reserved-headers.ts'
import { onEachRequest } from '../transport/test-server.ts'
import { settled } from './await-events.ts'
import { secret, startService } from './start.ts'

const canary = 'CANARY'
const url = 'https://merchant.example/hooks'

/** The call is refused for its headers, without a word of their values, and what was registered is as it was. */
function expectRefused(service: WebhookService, call: () => unknown): void {
  const before = service.listEndpoints()
  let thrown: unknown
  try {
    call()
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(InvalidOptionError)
  const { message, option, received, stack, cause } = thrown as InvalidOptionError // as the line above says
  expect(option).toMatch(/^headers/)
  expect(JSON.stringify([message, option, received, stack, cause])).not.toContain(canary)
  expect(service.listEndpoints()).toEqual(before)
}

/** At registration and at a change, whichever other settings come with it. */
function expectRefusedEverywhere(headers: unknown): void {
  const service = startService()
  const endpoint = service.registerEndpoint(url, secret, { headers: { 'X-Kept': 'kept' }, description: 'kept' })
  const wrong = { description: 'changed', timeoutMs: 5, headers: headers as Record<string, string> } // as a caller without types may
  expectRefused(service, () => service.registerEndpoint(url, secret, wrong))
  expectRefused(service, () => service.updateEndpoint(endpoint, { url: 'https://other.example', ...wrong }))
}

describe('custom headers are refused, and nothing is changed:', () => {
  it.each([
    ['a value that would add a header', `${canary}\r\nX-Evil: 1`],
    ['a line feed', `${canary}\nb`],
    ['a carriage return', `${canary}\rb`],
    ['a NUL', `${canary}\0b`],
    ['a DEL', `${canary}\x7f`],
    ['Latin-1', `${canary}é`],
    ['beyond Latin-1', `${canary}日`],
    ['an empty value', ''],
    ['outer blanks', ` ${canary}`],
    ['20,000 bytes', canary.repeat(3334)],
    ['an array', [canary]],
    ['an object that writes itself as text', { toString: () => `${canary}\r\nX-Evil: 1` }],
    ['a number', 5],
    ['null', null],
  ])('%s', (_, value) => {
    expectRefusedEverywhere({ 'X-A': value })
  })

  it.each([
    ['200 of them', Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`X-${index}`, canary]))],
    ['64 KiB in all', Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`X-${index}`, 'x'.repeat(4096)]))],
    ['one name in two cases', { Authorization: canary, authorization: canary }],
    ['one name with - and _', { 'X-Api-Key': canary, X_Api_Key: canary }],
    ['a name that would end the line', { [`X-A: ${canary}\r\nX-Evil`]: canary }],
    ['a list of pairs', [['Authorization', canary]]],
    ['a Map', new Map([['Authorization', canary]])],
    ['a header line', `Authorization: Bearer ${canary}`],
  ])('%s', (_, headers) => {
    expectRefusedEverywhere(headers)
  })

  it.each([
    'accept-encoding connection content-length expect host keep-alive te trailer transfer-encoding upgrade proxy-connection',
    'content-type content-encoding user-agent webhook-id webhook-timestamp webhook-signature x-signature x-event-id',
    'cookie forwarded via true-client-ip cf-connecting-ip x-client-ip x-cluster-client-ip x-real-ip x-forwarded x-forwarded-for',
    'x-http-method-override x-method-override x-original-url x-rewrite-url x-envoy-original-path x-remote-user client-cert',
    'metadata metadata-flavor metadata-token x-metadata-token x-amz-security-token x-aws-ec2-metadata-token x-amzn-oidc-data',
    'x-goog-iap-jwt-assertion x-google-metadata-request x-azure-fdid x-ms-client-principal x-openstack-nova-api-version x-vault-request',
  ])('%s, in any case and with any sign for the hyphen', (names) => {
    for (const name of names.split(' ')) {
      const writings = [name, name.toUpperCase(), name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())]
      for (const writing of writings) {
        for (const sign of ['-', '_', '.']) expectRefusedEverywhere({ [writing.replaceAll('-', sign)]: canary })
      }
    }
  })

  it.each(['Authorization', 'X-Api-Key', 'CF-Access-Client-Id', 'X-Tenant-Id', 'Accept', 'Date', 'From'])(
    'but not %s',
    (name) => {
      expect(startService().registerEndpoint(url, secret, { headers: { [name]: canary } })).toMatch(/^ep_/)
    },
  )
})

/** Answers 200 and keeps the head of each request, line by line. */
async function startHeadServer(): Promise<{ url: string; heads: string[][] }> {
  const heads: string[][] = []
  const server = createServer((socket) => {
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => undefined)
    onEachRequest(socket, (head) => {
      heads.push(head.split('\r\n'))
      socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    })
  })
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heads }
}

const oddName = fc.constantFrom(
  'Host',
  'webhook_id',
  'X-Forwarded-For',
  'x.real.ip',
  '__proto__',
  'constructor',
  'X-A',
  'x_a',
  'TE',
)
const token = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...Array.from("aZ09-_.!#$%&*+^`|~'")) })
const name = fc.oneof(
  { weight: 4, arbitrary: token },
  { weight: 2, arbitrary: oddName },
  fc.string({ maxLength: 8, unit: 'binary' }),
)
const visible = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...Array.from('aZ09 \t~!:;,=/+"\\')) })
const value = fc.oneof({ weight: 4, arbitrary: visible }, fc.string({ maxLength: 8, unit: 'binary' }))
const headerMap = fc
  .array(fc.tuple(name, value), { maxLength: 6 })
  .map((entries): Record<string, string> => Object.fromEntries(entries))

describe('whatever headers an endpoint is given', () => {
  it('arrive once each, with their values and nothing beside them; or they are refused', async () => {
    const server = await startHeadServer()
    const service = startService()
    let delivered = 0
    await fc.assert(
      fc.asyncProperty(headerMap, async (headers) => {
        let endpoint
        try {
          endpoint = service.registerEndpoint(`${server.url}/hooks`, secret, { headers })
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidOptionError)
          return
        }
        await settled(service, service.submitEvent(endpoint, 'tick', {}))
        service.removeEndpoint(endpoint)
        delivered += 1
        const [requestLine, ...lines] = server.heads.pop()!
        expect([requestLine, server.heads]).toEqual(['POST /hooks HTTP/1.1', []])
        const names = lines.map((line) => line.slice(0, line.indexOf(': ')))
        expect(new Set(names.map(headerKey)).size).toBe(names.length)
        const own = lines.filter((_, index) => !isReservedHeader(names[index]!))
        expect(own).toEqual(Object.entries(headers).map(([header, text]) => `${header}: ${text}`))
      }),
      { numRuns: 300 },
    )
    expect(delivered).toBeGreaterThan(50)
  })
})
