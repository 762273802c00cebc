import type { ChildProcesses } from '../measure/child-processes.ts'
import { freePort } from '../measure/free-port.ts'
import { untilAnswers } from '../measure/until-answers.ts'
import { askOnce } from './ask-once.ts'
import type { Receiver, ReceiverCounts } from './receiver.ts'

/** A plain node:http server in a process of its own. Slower than any of the contestants but axios. */
export async function startNodeReceiver(processes: ChildProcesses, programFile: string): Promise<Receiver> {
  const port = await freePort()
  processes.start([process.execPath, programFile, String(port)], { core: 'receiver' })
  const origin = `http://127.0.0.1:${port}`
  await untilAnswers(port, 'the receiver')
  return {
    description: 'node:http in its own process (no nginx found), which limits deliveries/s but not their cost',
    origin,
    // The program answers with just that.
    counts: async () => JSON.parse(await askOnce(`${origin}/status`)) as ReceiverCounts,
  }
}
