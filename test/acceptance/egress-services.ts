import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { EgressOptions, WebhookService, WebhookServiceOptions } from '../../src/index.ts'
import { systemClock } from '../../src/clock/system-clock.ts'
import { createEgressPolicy } from '../../src/transport/egress/egress-policy.ts'
import { createNameResolver } from '../../src/transport/egress/name-resolver.ts'
import { createUndiciTransport } from '../../src/transport/undici-transport.ts'
import { startDnsServer, type DnsQuestion, type DnsReply, type DnsServer } from '../transport/egress/dns-server.ts'
import { settled } from './await-events.ts'
import { secret, startService } from './start.ts'

/** What the names of a test lead to. A name that is not in it does not exist. */
export type Zone = Readonly<Record<string, DnsReply | ((question: DnsQuestion) => DnsReply)>>

/** A service that asks a name server of the test, with the default transport in all else. */
export async function startServiceWithNames(
  zone: Zone,
  egress: EgressOptions,
  options: WebhookServiceOptions = {},
): Promise<{ service: WebhookService; dns: DnsServer }> {
  const dns = await startDnsServer((question) => {
    const reply = zone[question.name] ?? 'nxdomain'
    return typeof reply === 'function' ? reply(question) : reply
  })
  const policy = createEgressPolicy(egress, 'egress', {})
  const mayBeLocal = (hostname: string) => policy.mayBeLocal(hostname)
  const lookup = createNameResolver({ clock: systemClock, mayBeLocal, servers: dns.servers })
  const transport = createUndiciTransport({ egress: policy, clock: systemClock, lookup })
  const service = startService({ egress, transport, ...options })
  onTestFinished(() => dns.close())
  return { service, dns }
}

/** A listener on every address of this machine that counts its connections and answers nothing. */
export interface Listener {
  readonly port: number
  readonly connections: number
}

export async function startListener(): Promise<Listener> {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.destroy()
  })
  // One dual-stack socket hears what is sent to any v4 or v6 address of the machine.
  server.listen({ port: 0, host: '::', ipv6Only: false })
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  // A server on `::` has an address and a port.
  const { port } = server.address() as AddressInfo
  return {
    port,
    get connections() {
      return connections
    },
  }
}

/** How one event to this URL ends, with all that a tenant gets to see of it. */
export async function outcomeAt(service: WebhookService, url: string) {
  const event = service.submitEvent(service.registerEndpoint(url, secret), 'tick', {})
  await settled(service, event)
  const { status, attempts, lastError } = service.getEvent(event)
  return { status, attempts: attempts.length, lastError, failure: attempts[0]?.failure }
}

const message = 'egress_blocked: the egress policy forbids this address'

/** How an event to a forbidden target ends, whatever there is at the target. */
export const blocked = {
  status: 'failed',
  attempts: 1,
  lastError: message,
  failure: { reason: 'egress_blocked', message, reach: 'notSent' },
}
