import { setTimeout as wait } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import type { ContestantSettings, PacedContestant } from './contestant.ts'
import { submitPaced } from './submit-paced.ts'
import { payload } from './payload.ts'

/** One event as a job. */
export interface WebhookJob {
  readonly url: string
  readonly sequence: number
  readonly payload: object
}

/** How often the application looks how much is pending, and submits what is missing. */
const refillMs = 5

/** A BullMQ queue and a worker in one process, as the usual recipe has it: each job is one POST. No order. */
export async function startBullmq(
  settings: ContestantSettings,
  post: (job: WebhookJob) => Promise<void>,
  closePost: () => Promise<void>,
): Promise<PacedContestant> {
  const { contestant, redisPort, receiverOrigin, endpoints, connections, window } = settings
  if (redisPort === null) throw new Error(`${contestant} needs Redis`)
  const connection = { host: '127.0.0.1', port: redisPort, maxRetriesPerRequest: null }
  // Two processes on one Redis have nothing to do with each other.
  const name = `${contestant}-${process.pid}`
  const queue = new Queue<WebhookJob>(name, {
    connection,
    defaultJobOptions: { removeOnComplete: true, attempts: 5, backoff: { type: 'exponential', delay: 1000 } },
  })
  const worker = new Worker<WebhookJob>(name, (job) => post(job.data), { connection, concurrency: connections })
  let submitted = 0
  let completed = 0
  let failure: Error | null = null
  worker.on('completed', () => (completed += 1))
  worker.on('failed', (_, error) => (failure = error))
  worker.on('error', (error) => (failure = error))
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()])

  async function submit(count: number): Promise<void> {
    const jobs = Array.from({ length: count }, (_, index) => {
      const number = submitted + index
      const url = `${receiverOrigin}/endpoint-${number % endpoints}`
      return { name: 'webhook', data: { url, sequence: number, payload: payload(number) } }
    })
    submitted += count
    await queue.addBulk(jobs)
  }

  async function deliver(count: number): Promise<void> {
    const end = submitted + count
    while (completed < end) {
      const missing = Math.min(window - (submitted - completed), end - submitted)
      if (missing > 0) await submit(missing)
      await wait(refillMs)
      if (failure !== null) throw failure
    }
  }

  async function untilCompleted(): Promise<void> {
    while (completed < submitted) {
      await wait(refillMs)
      if (failure !== null) throw failure
    }
  }

  return {
    deliver,
    submitPaced: async (pace) => {
      const submissions = await submitPaced(pace, submitted, submit)
      await untilCompleted()
      return submissions
    },
    close: async () => {
      await worker.close()
      await queue.close()
      await closePost()
    },
  }
}
