import { Client } from 'undici'
import type { Contestant, ContestantSettings } from './contestant.ts'
import { payload } from './payload.ts'
import { inParallel, requireSuccess, signedHeaders } from './signed-request.ts'

/** The floor where endpoints share no connection: one undici client, and so one socket, for each of them. */
export function startRawUndiciClients({ receiverOrigin, connections, endpoints }: ContestantSettings): Contestant {
  const clients: Client[] = []
  let sent = 0

  function clientOf(endpoint: number): Client {
    return (clients[endpoint] ??= new Client(receiverOrigin, { pipelining: 1 }))
  }

  async function post(): Promise<void> {
    const number = sent++
    const endpoint = number % endpoints
    const body = JSON.stringify(payload(number))
    const answer = await clientOf(endpoint).request({
      path: `/endpoint-${endpoint}`,
      method: 'POST',
      headers: signedHeaders(body, Math.floor(number / endpoints) + 1),
      body,
    })
    await answer.body.dump()
    requireSuccess(answer.statusCode)
  }

  return {
    deliver: (count) => inParallel(Math.min(connections, endpoints), count, post),
    close: async () => {
      await Promise.all(clients.map((client) => client.close()))
    },
  }
}
