import { Pool } from 'undici'
import type { Contestant, ContestantSettings } from './contestant.ts'
import { payload } from './payload.ts'
import { inParallel, requireSuccess, signedHeaders } from './signed-request.ts'

/** The floor: the least code that sends the same requests. No order, no retries, no record of anything. */
export function startRawUndici({ receiverOrigin, connections, endpoints }: ContestantSettings): Contestant {
  const pool = new Pool(receiverOrigin, { connections, pipelining: 1 })
  let sent = 0

  async function post(): Promise<void> {
    const number = sent++
    const body = JSON.stringify(payload(number))
    const answer = await pool.request({
      path: `/endpoint-${number % endpoints}`,
      method: 'POST',
      headers: signedHeaders(body, number),
      body,
    })
    await answer.body.dump()
    requireSuccess(answer.statusCode)
  }

  return {
    deliver: (count) => inParallel(connections, count, post),
    close: () => pool.close(),
  }
}
