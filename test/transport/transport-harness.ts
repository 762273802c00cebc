import { systemClock } from '../../src/clock/system-clock.ts'
import { createEgressPolicy } from '../../src/transport/egress/egress-policy.ts'
import { OwnAddresses } from '../../src/transport/egress/own-addresses.ts'
import type { InFlightRequest, OutgoingRequest, Transport, TransportResult } from '../../src/transport/transport.ts'
import { createUndiciTransport, type UndiciTransportOptions } from '../../src/transport/undici-transport.ts'

/** A transport on the system's clock that may call everything, unless told otherwise. */
export function makeTransport(options: Partial<UndiciTransportOptions> = {}): Transport {
  return createUndiciTransport({ egress: egressPolicy({}), clock: systemClock, ...options })
}

/** A policy outside production, for a machine without addresses of its own. */
export function egressPolicy(options: object) {
  return createEgressPolicy(options, 'egress', {}, new OwnAddresses(systemClock, () => []))
}

export interface Sent {
  readonly inFlight: InFlightRequest
  readonly result: Promise<TransportResult>
  /** How often the receiver was called. */
  readonly calls: number
}

export function send(transport: Transport, origin: string, request: Partial<OutgoingRequest> = {}): Sent {
  let calls = 0
  let settle: (result: TransportResult) => void = () => undefined
  const result = new Promise<TransportResult>((resolve) => {
    settle = resolve
  })
  const whole = { endpointId: 'ep_1', origin, path: '/', headers: [], body: '{}', connections: 1, ...request }
  const answered = (answer: TransportResult): void => {
    calls++
    settle(answer)
  }
  const inFlight = transport.send(whole, { answered })
  return {
    inFlight,
    result,
    get calls() {
      return calls
    },
  }
}

export function post(transport: Transport, origin: string, request: Partial<OutgoingRequest> = {}) {
  return send(transport, origin, request).result
}
