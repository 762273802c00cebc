import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exportJsonl, type EgressOptions } from '../../src/index.ts'
import { forward, startProxy, type ConnectProxy, type TunnelScript } from '../transport/egress/connect-proxy.ts'
import { settled } from './await-events.ts'
import { blocked, outcomeAt } from './egress-services.ts'
import { quickRetry, secret, startReceiver, startService } from './start.ts'

const challenge = 'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n'

/** A service for strangers' URLs, and a proxy of its own on loopback. */
async function startBehind(script?: TunnelScript, egress: EgressOptions = {}, timeoutMs = 5_000) {
  const proxy = await startProxy(script)
  onTestFinished(() => proxy.server.close())
  const url = `http://user:hunter2@127.0.0.1:${proxy.server.port}`
  const service = startService({ egress: { privateNetworks: 'deny', proxy: url, ...egress }, timeoutMs })
  return { proxy, service }
}

const refusing =
  (head: string): TunnelScript =>
  (socket) =>
    socket.end(head)

describe('through an egress proxy', () => {
  it('events are delivered in line, though private networks are denied and the proxy is in one', async () => {
    const receiver = await startReceiver()
    const { proxy, service } = await startBehind()
    const endpointId = service.registerEndpoint(`http://merchant.example:${new URL(receiver.url).port}/`, secret)
    const events = [1, 2, 3].map((n) => service.submitEvent(endpointId, 'tick', { n }))
    await settled(service, ...events)
    expect(events.map((id) => service.getEventStatus(id).status)).toEqual(['delivered', 'delivered', 'delivered'])
    expect(receiver.requests.map(({ eventId }) => eventId)).toEqual(events)
    expect(proxy.heads).toHaveLength(1)
  })

  it('what the policy forbids is not asked for', async () => {
    const { proxy, service } = await startBehind()
    for (const url of [
      'http://169.254.169.254/',
      'https://[::1]/',
      'http://metadata/',
      'http://merchant.example:25/',
    ]) {
      expect(await outcomeAt(service, url)).toEqual(blocked)
    }
    expect(proxy.server.accepted).toBe(0)
  })

  it.each(['HTTP/1.1 403 Forbidden\r\n\r\n', 'HTTP/1.1 407 Request rejected by proxy\r\n\r\n'])(
    'what the proxy forbids is failed like any forbidden target: %j',
    async (head) => {
      const { service } = await startBehind(refusing(head))
      expect(await outcomeAt(service, 'https://merchant.example/')).toEqual(blocked)
    },
  )

  it('wrong credentials and a proxy that fails cost attempts, and no event', async () => {
    const receiver = await startReceiver()
    const answers = [challenge, 'HTTP/1.1 503 Busy\r\n\r\n']
    const { service } = await startBehind((socket, port) => {
      const answer = answers.shift()
      if (answer === undefined) forward()(socket, port)
      else socket.end(answer)
    })
    const url = `http://merchant.example:${new URL(receiver.url).port}/`
    const event = service.submitEvent(service.registerEndpoint(url, secret), 'tick', {})
    await settled(service, event)
    const { status, attempts } = service.getEvent(event)
    expect(status).toBe('delivered')
    expect(attempts.map(({ failure }) => failure)).toEqual([
      { reason: 'connect', message: 'connect: the egress proxy did not connect: HTTP 407', reach: 'notSent' },
      { reason: 'connect', message: 'connect: the egress proxy did not connect: HTTP 503', reach: 'notSent' },
      null,
    ])
  })

  it('the deadline covers a proxy that does not answer', async () => {
    const { service } = await startBehind((socket) => socket.resume(), {}, 100)
    const { status, attempts, failure } = await outcomeAt(service, 'https://merchant.example/')
    expect({ status, attempts }).toEqual({ status: 'deadLettered', attempts: quickRetry.maxAttempts })
    expect(failure).toMatchObject({ reason: 'timeout', reach: 'notSent' })
  })

  it('its password is shown nowhere', async () => {
    const { proxy, service } = await startBehind(refusing(challenge))
    const shown: unknown[] = []
    service.log.subscribe((transition) => shown.push(transition))
    shown.push(await outcomeAt(service, 'https://merchant.example/'))
    const endpointId = service.registerEndpoint('https://merchant.example/', secret)
    const event = service.submitEvent(endpointId, 'tick', {})
    shown.push(service.getEndpoint(endpointId), service.explain(event), service.stats(), [...exportJsonl(service.log)])
    await settled(service, event)
    const text = inspect([shown, service], { depth: 20, showHidden: true })
    expect(sentCredentials(proxy)).toBe('user:hunter2')
    expect(text).toContain('merchant.example')
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain(Buffer.from('user:hunter2').toString('base64'))
  })
})

function sentCredentials({ heads }: ConnectProxy): string {
  const [, encoded = ''] = /Proxy-Authorization: Basic (\S+)/.exec(heads[0] ?? '') ?? []
  return Buffer.from(encoded, 'base64').toString()
}
