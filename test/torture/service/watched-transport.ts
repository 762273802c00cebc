import { subscribe } from 'node:diagnostics_channel'
import type { Transport } from '../../../src/index.ts'
import type { KillSwitch } from './kill-switch.ts'

/** The same transport, with the places passed at which the process may be killed. */
export function watchTransport(transport: Transport, kill: KillSwitch): Transport {
  // undici tells of what it has written to a socket.
  subscribe('undici:client:sendHeaders', () => kill.pass('request: headers written'))
  subscribe('undici:request:bodySent', () => kill.pass('request: body written'))
  return {
    send(request, receiver) {
      kill.pass('request: before it is sent')
      const sent = transport.send(request, {
        answered: (result) => {
          kill.pass('request: answered, not reported')
          receiver.answered(result)
          kill.pass('request: its answer was reported')
        },
      })
      kill.pass('request: handed over')
      return sent
    },
    release: (endpointId) => transport.release(endpointId),
    close: () => transport.close(),
  }
}
