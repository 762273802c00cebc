import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { systemClock } from '../../src/clock/system-clock.ts'
import { createWebhookService, exportJsonl, replay, type WebhookService } from '../../src/index.ts'
import { serviceEventTypes } from '../../src/notices/notices.ts'
import { egressPolicy } from '../transport/transport-harness.ts'
import { createUndiciTransport } from '../../src/transport/undici-transport.ts'
import { onEachRequest } from '../transport/test-server.ts'
import { next, settled } from './await-events.ts'
import { Sink, before, headers, plain, secrets, whsec, whsk } from './canaries.ts'
import { quickRetry } from './start.ts'

/** What comes back of a request: its head, its credentials in every writing, and the secrets the endpoint knows. */
function echoOf(head: string, known: readonly string[]): string {
  const values = [...Object.values(headers), ...known]
  const json = JSON.stringify(values)
  return [head, json, json.replaceAll('/', '\\/'), ...values, ...values.map(encodeURIComponent)].join('\n')
}

const body = (status: string, text: string, more = ''): string =>
  `HTTP/1.1 ${status}\r\nconnection: close\r\n${more}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`

/** Ways to answer with what was received, by path. */
const answers: Readonly<Record<string, (socket: Socket, echo: string, head: string) => void>> = {
  '/200': (socket, echo) => socket.end(body('200 OK', echo)),
  '/short': (socket, _, head) => socket.end(body('200 OK', /Authorization: (.*)\r/.exec(`${head}\r`)?.[1] ?? '')),
  '/cut': (socket) => socket.end(body('500 X', `${'x'.repeat(1000)}${headers.Authorization}`)),
  '/cut-key': (socket) => socket.end(body('500 X', `${'x'.repeat(1010)}${headers['X-Api-Key']}`)),
  '/404': (socket, echo) => socket.end(body('404 X', echo)),
  '/410': (socket, echo) => socket.end(body('410 X', echo)),
  '/301': (socket, echo) => socket.end(body('301 X', echo, `location: http://x/?${headers.Authorization}\r\n`)),
  '/429': (socket, echo) => socket.end(body('429 X', echo, `retry-after: ${headers.Authorization}\r\n`)),
  '/reason': (socket, echo) => socket.end(body(`500 ${headers.Authorization}`, echo)),
  '/garbage': (socket, echo) => socket.end(echo),
  '/header': (socket) => socket.end(`HTTP/1.1 200 OK\r\n${headers.Authorization}\r\n\r\n`),
  '/stalls': (socket, echo) => socket.write(`HTTP/1.1 500 X\r\ncontent-length: 99999\r\n\r\n${echo}`),
  '/hangs': (socket) => socket.write(`HTTP/1.1 500 ${headers.Authorization}`),
  '/reset': (socket) => socket.resetAndDestroy(),
}

/** An endpoint that knows these secrets. The port. */
async function startEcho(known: readonly string[]): Promise<number> {
  const server = createServer((socket) => {
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => undefined)
    // A TLS handshake, which gets an answer in plain text.
    socket.once('data', (chunk) => chunk[0] === 0x16 && socket.end(body('400 X', echoOf('', known))))
    onEachRequest(socket, (head) => {
      const path = /^POST (\S+)/.exec(head)?.[1] ?? ''
      answers[path]?.(socket, echoOf(head, known), head)
    })
  })
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A service whose every word goes into the sink. */
function startWatched(sink: Sink): WebhookService {
  const service = createWebhookService({
    retry: { ...quickRetry, maxAttempts: 2 },
    inspect: sink.takeInspection,
    transport: createUndiciTransport({
      egress: egressPolicy({ deny: ['10.0.0.0/8'] }),
      clock: systemClock,
      bodyMs: 50,
      lookup: (_hostname, _options, callback) => callback(new Error(`no such name, ${headers.Authorization}`), []),
    }),
  })
  onTestFinished(async () => {
    await service.shutdown({ timeoutMs: 0 })
  })
  for (const type of serviceEventTypes) service.on(type, sink.take)
  service.log.subscribe(sink.take)
  return service
}

function takeAllReadings(service: WebhookService, events: readonly string[], sink: Sink): void {
  sink.take(service)
  sink.take(service.stats())
  sink.take(service.listEndpoints())
  for (const { id } of service.listEndpoints()) {
    sink.take(service.getEndpoint(id))
    sink.take(service.getDeadLetterEvents(id))
  }
  for (const event of events) {
    sink.take(service.getEvent(event))
    sink.take(service.explain(event))
    sink.take(service.getEventStatus(event))
  }
  sink.take([...exportJsonl(service.log)])
  sink.take(replay(service.log.entries()))
}

describe('no secret and no value of a custom header', () => {
  const printed = new Sink()
  beforeAll(() => {
    for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, method).mockImplementation(printed.take)
    process.on('warning', printed.take)
    return () => {
      vi.restoreAllMocks()
      process.off('warning', printed.take)
    }
  })

  it('is shown of any delivery, though the endpoint sends back what it got', async () => {
    const sink = new Sink()
    const service = startWatched(sink)
    const events: string[] = []
    for (const secret of secrets) {
      const port = await startEcho(secret === before ? [before, plain] : [secret])
      for (const path of Object.keys(answers)) submit(`http://127.0.0.1:${port}${path}`, secret)
      for (const url of [`https://127.0.0.1:${port}`, 'http://10.0.0.1', 'http://nowhere.test', 'http://127.0.0.1:1']) {
        submit(url, secret)
      }
    }
    function submit(url: string, secret: string): void {
      const timeoutMs = url.endsWith('/hangs') ? 400 : 30_000
      const endpoint = service.registerEndpoint(url, secret, { headers, timeoutMs })
      if (secret === before) service.rotateSecret(endpoint, plain)
      events.push(service.submitEvent(endpoint, 'payment.captured', {}))
    }
    await settled(service, ...events)
    takeAllReadings(service, events, sink)
    service.redeliver(events[0] ?? '')
    sink.take(await service.shutdown())
    takeAllReadings(service, events, sink)
    sink.text += printed.text

    const reasons = new Set(
      events.flatMap((event) => service.getEvent(event).attempts.map(({ failure }) => failure?.reason)),
    )
    for (const reason of [
      'status',
      'redirect',
      'timeout',
      'dns',
      'connect',
      'tls',
      'reset',
      'protocol',
      'egress_blocked',
    ]) {
      expect(reasons).toContain(reason)
    }
    expect(sink.text).toContain('[redacted]')
    expect(sink.found()).toEqual([])
  })

  it('is shown when something of the user’s own breaks', async () => {
    const sink = new Sink()
    const service = createWebhookService({
      random: () => {
        throw new Error('no chance')
      },
      inspect: () => {
        throw new Error('cannot look')
      },
      transport: {
        send(_, receiver) {
          queueMicrotask(() => {
            receiver.answered({
              kind: 'failed',
              reason: 'reset',
              message: `cut: ${headers.Authorization}\nx`,
              reach: 'unknown',
            })
          })
          return { abort: () => undefined }
        },
        release: () => undefined,
        close: () => Promise.resolve(),
      },
    })
    for (const type of serviceEventTypes) service.on(type, sink.take)
    const rejects: () => unknown = () => Promise.reject(new Error('an async listener'))
    service.on('settled', rejects)
    const endpoint = service.registerEndpoint('http://merchant.example', whsec, { headers })
    const event = service.submitEvent(endpoint, 'payment.captured', {})
    await next(service, 'quarantined')
    await settled(service, event)
    takeAllReadings(service, [event], sink)
    await service.shutdown()
    expect(sink.text).toContain('no chance')
    expect(sink.found()).toEqual([])
  })

  it('is shown by an error, wherever it was given by mistake', () => {
    const sink = new Sink()
    const service = createWebhookService()
    const url = 'https://merchant.example'
    const id = service.registerEndpoint(url, plain, { headers })
    service.pauseEndpoint(id)
    class Settings {
      readonly headers = headers
    }
    const call = service as unknown as Record<string, (...args: unknown[]) => unknown> // as a caller without types may
    const register =
      (...args: unknown[]) =>
      () =>
        call['registerEndpoint']?.(...args)
    const mistakes = [
      ...secrets.flatMap((secret) => [
        register(secret, url),
        register(url, secret, secret),
        register(url, [secret]),
        register(url, { secret }),
        register(url, `${secret}\ud800`),
        register(url, `whsk_${secret}`),
        register(url, `whpk_${secret}`),
        register(url, secret.repeat(100)),
        register(url, secret, { secret }),
        register(url, secret, { signing: secret }),
        register(url, secret, { headers: secret }),
        register(url, secret, [secret]),
        () => call['rotateSecret']?.(secret, id),
        () => call['rotateSecret']?.(id, secret, secret),
        () => call['rotateSecret']?.(id, secret, { secret }),
        () => call['updateEndpoint']?.(id, secret),
        () => call['updateEndpoint']?.(id, { secret }),
        () => call['updateEndpoint']?.(id, { url: secret }),
        () => call['submitEvent']?.(secret, 'tick', {}),
        () => call['submitEvent']?.(id, 'tick', {}, secret),
        () => call['shutdown']?.(secret),
        () => createWebhookService(secret as never),
        ...['getEndpoint', 'removeEndpoint', 'pauseEndpoint', 'getEvent', 'getEventStatus', 'explain', 'redeliver'].map(
          (name) => () => call[name]?.(secret),
        ),
      ]),
      ...[whsec, whsk].flatMap((secret) => [
        () => call['submitEvent']?.(id, secret, {}),
        () => call['publishEvent']?.(`${secret} `, {}),
        () => call['on']?.(secret, () => undefined),
        register(url, plain, { eventTypes: [secret] }),
        register(url, plain, { eventTypes: secret }),
        register(url, plain, { timeoutMs: secret }),
        register(url, plain, { ordering: secret }),
        register(url, plain, { [secret]: true }),
        register(url, plain, { signing: { header: `${secret}:` } }),
      ]),
      ...Object.values(headers).flatMap((value) => [
        register(url, plain, { headers: `X-A: ${value}` }),
        register(url, plain, { headers: [['X-A', value]] }),
        register(url, plain, { headers: new Map([['X-A', value]]) }),
        register(url, plain, { headers: { 'X-A': [value] } }),
        register(url, plain, { headers: { 'X-A': `${value}\r\n` } }),
        register(url, plain, { headers: { Cookie: value } }),
        register(url, plain, { headers: { [`X-A: ${value}`]: value } }),
        register(url, plain, { [`X-A: ${value}`]: value }),
        register(url, plain, new Settings()),
      ]),
    ]
    for (const mistake of mistakes) expect(() => captured(sink, mistake)).not.toThrow()
    takeAllReadings(service, [], sink)
    expect(sink.found()).toEqual([])
  })
})

/** The call must throw; what it throws goes into the sink. */
function captured(sink: Sink, call: () => unknown): void {
  try {
    call()
  } catch (error) {
    sink.take(error)
    return
  }
  throw new Error(`nothing was refused: ${call.toString()}`)
}
