import type { ChildProcesses } from '../measure/child-processes.ts'
import { findProgram } from '../measure/find-program.ts'
import { startNginx } from './nginx.ts'
import { startNodeReceiver } from './node-receiver.ts'

/** Answers every POST with 200 and keeps connections open. */
export interface Receiver {
  /** What answers, as the report calls it. */
  readonly description: string
  /** `http://127.0.0.1:40123` */
  readonly origin: string
  counts(): Promise<ReceiverCounts>
}

/** What a receiver has seen so far, the question itself left out. */
export interface ReceiverCounts {
  /** NaN where the receiver cannot tell. */
  readonly requests: number
  readonly connections: number
}

/** nginx where there is one; else a receiver of our own, which may be the limit of deliveries per second. */
export function startReceiver(processes: ChildProcesses, programFile: string): Promise<Receiver> {
  const nginx = findProgram('nginx')
  return nginx === null ? startNodeReceiver(processes, programFile) : startNginx(processes, nginx)
}
