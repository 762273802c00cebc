// What hookline puts on the wire, whole: a raw server writes down every byte of the requests of one service, whose ids,
// time, secrets and payloads are fixed. Run by the test and by generate-wire.ts.
import { once } from 'node:events'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { systemClock } from '../../src/clock/system-clock.ts'
import { createWebhookService, version, type EndpointOptions, type WebhookService } from '../../src/index.ts'
import { egressPolicy } from '../transport/transport-harness.ts'
import { createUndiciTransport } from '../../src/transport/undici-transport.ts'
import { createCountingIds } from '../support/counting-ids.ts'
import type { Certificate } from '../transport/hostile/certificate.ts'

const plain = 'a secret that both sides know'
const whsec = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
/** The seed is the bytes 0 to 31. */
const whsk = `whsk_${Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64')}`

interface Scenario {
  readonly secret: string
  readonly options?: EndpointOptions
  readonly payload?: unknown
  /** The secret that replaces the first one before anything is sent. */
  readonly rotatedTo?: string
  /** What the server answers, in order; then 200. */
  readonly answers?: readonly number[]
  /** Once it has settled. */
  readonly redelivered?: boolean
}

/** By the name of the golden file. */
export const wireScenarios: Readonly<Record<string, Scenario>> = {
  'plain-secret': { secret: plain },
  whsec: { secret: whsec },
  whsk: { secret: whsk },
  'rotation-from-plain-to-whsec': { secret: plain, rotatedTo: whsec },
  'rotation-from-whsec-to-whsk': { secret: whsec, rotatedTo: whsk },
  'custom-headers': {
    secret: plain,
    options: { headers: { Authorization: 'Bearer a-token', 'X-Tab': 'a\tb', 'x-lower': 'c d' } },
  },
  envelope: { secret: plain, options: { body: 'envelope' } },
  'signature-as-sha256': { secret: plain, options: { signing: { header: 'X-Hub-Signature-256', prefix: 'sha256=' } } },
  'signature-in-base64': { secret: plain, options: { signing: { encoding: 'base64' } } },
  'signed-sequence': { secret: plain, options: { signing: { sequence: true } } },
  'payload-beyond-ascii': { secret: plain, payload: { text: 'grüße 日本 🎉 \u2028 \ud800' } },
  retry: { secret: plain, answers: [500] },
  redelivery: { secret: plain, answers: [404], redelivered: true },
}

const nowMs = Date.parse('2025-03-01T12:00:00.250Z')
const fixedWallClock = { ...systemClock, now: () => nowMs }

/** Every byte of a scenario's requests, as Latin-1; the port and hookline's version stand as `{port}` and `{version}`. */
export async function recordWire(scenario: Scenario, certificate?: Certificate): Promise<string> {
  const server = await startRecorder(scenario.answers ?? [], certificate)
  const transport = createUndiciTransport({
    egress: egressPolicy({}),
    clock: systemClock,
    ...(certificate && { certificateAuthorities: [certificate.cert] }),
  })
  const service = createWebhookService({
    clock: fixedWallClock,
    ids: createCountingIds(),
    transport,
    retry: { initialDelayMs: 0, maxDelayMs: 0, jitter: 0 },
  })
  try {
    const scheme = certificate === undefined ? 'http' : 'https'
    const url = `${scheme}://127.0.0.1:${server.port}/hooks?v=1`
    const endpoint = service.registerEndpoint(url, scenario.secret, scenario.options)
    if (scenario.rotatedTo !== undefined) service.rotateSecret(endpoint, scenario.rotatedTo)
    const event = service.submitEvent(endpoint, 'payment.captured', scenario.payload ?? { amount: 4200 })
    await nextSettled(service)
    if (scenario.redelivered) {
      const again = nextSettled(service)
      service.redeliver(event)
      await again
    }
  } finally {
    await service.shutdown({ timeoutMs: 0 })
    server.close()
  }
  return server
    .received()
    .replaceAll(`:${server.port}\r\n`, ':{port}\r\n')
    .replaceAll(`hookline/${version}`, 'hookline/{version}')
}

function nextSettled(service: WebhookService): Promise<void> {
  return new Promise((resolve) => {
    const stop = service.on('settled', () => {
      stop()
      resolve()
    })
  })
}

interface Recorder {
  readonly port: number
  received(): string
  close(): void
}

async function startRecorder(answers: readonly number[], certificate?: Certificate): Promise<Recorder> {
  const left = [...answers]
  let all = ''
  const record = (socket: Socket): void => {
    let open = ''
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      open += chunk.toString('latin1')
      const end = open.indexOf('\r\n\r\n')
      const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(open)?.[1])
      if (end === -1 || open.length < end + 4 + length) return
      all += open
      open = ''
      socket.write(`HTTP/1.1 ${left.shift() ?? 200} Answered\r\ncontent-length: 0\r\n\r\n`)
    })
  }
  const server: Server = certificate === undefined ? createTcpServer(record) : createTlsServer(certificate, record)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { port: address.port, received: () => all, close: () => server.close() }
}
