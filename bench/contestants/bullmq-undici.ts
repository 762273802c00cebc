import { Pool } from 'undici'
import { startBullmq } from './bullmq.ts'
import type { Contestant, ContestantSettings } from './contestant.ts'
import { requireSuccess, signedHeaders } from './signed-request.ts'

export function startBullmqUndici(settings: ContestantSettings): Promise<Contestant> {
  const pool = new Pool(settings.receiverOrigin, { connections: settings.connections, pipelining: 1 })
  return startBullmq(
    settings,
    async (job) => {
      const body = JSON.stringify(job.payload)
      const answer = await pool.request({
        path: job.url.slice(settings.receiverOrigin.length),
        method: 'POST',
        headers: signedHeaders(body, job.sequence),
        body,
      })
      await answer.body.dump()
      requireSuccess(answer.statusCode)
    },
    () => pool.close(),
  )
}
