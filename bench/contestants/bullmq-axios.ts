import { Agent } from 'node:http'
import axios from 'axios'
import { startBullmq } from './bullmq.ts'
import type { Contestant, ContestantSettings } from './contestant.ts'
import { requireSuccess, signedHeaders } from './signed-request.ts'

export function startBullmqAxios(settings: ContestantSettings): Promise<Contestant> {
  const httpAgent = new Agent({ keepAlive: true, maxSockets: settings.connections })
  const client = axios.create({ httpAgent, timeout: 30_000, maxRedirects: 0 })
  return startBullmq(
    settings,
    async (job) => {
      const body = JSON.stringify(job.payload)
      const answer = await client.post<unknown>(job.url, body, { headers: signedHeaders(body, job.sequence) })
      requireSuccess(answer.status)
    },
    () => {
      httpAgent.destroy()
      return Promise.resolve()
    },
  )
}
