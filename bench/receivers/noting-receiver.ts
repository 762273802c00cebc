import type { ChildProcesses } from '../measure/child-processes.ts'
import { freePort } from '../measure/free-port.ts'
import { untilAnswers } from '../measure/until-answers.ts'
import { askOnce } from './ask-once.ts'

/** A receiver that notes when each request came. */
export interface NotingReceiver {
  readonly origin: string
  /** By the number in each payload: nanoseconds of the machine's monotonic clock. What is told is forgotten. */
  arrivals(): Promise<ReadonlyMap<number, number>>
}

export async function startNotingReceiver(processes: ChildProcesses, programFile: string): Promise<NotingReceiver> {
  const port = await freePort()
  processes.start([process.execPath, programFile, String(port)], { core: 'receiver' })
  const origin = `http://127.0.0.1:${port}`
  await untilAnswers(port, 'the noting receiver')
  return {
    origin,
    // The program answers with just that.
    arrivals: async () => new Map(JSON.parse(await askOnce(`${origin}/arrivals`)) as [number, number][]),
  }
}
