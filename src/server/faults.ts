// Errors that the server cannot judge. A request that one of them ends is answered all the same; whether the process goes on
// is its maker's to decide, who is told of each.
import { HooklineError } from '../errors/hookline-error.ts'
import { callListener } from '../notices/call-listener.ts'
import type { ServerLog } from './server-log.ts'

/** Where a fault came up. */
export interface FaultPlace {
  readonly where: 'request' | 'stream' | 'alerts'
  /** The request that it ended, which was answered with 500 if it could be; null where there was none. */
  readonly requestId: string | null
}

export type FaultListener = (error: unknown, place: FaultPlace) => void

/** Whether the error says by itself what is wrong, so that whoever meets it can go on: hookline's own do. */
export function isJudged(error: unknown): boolean {
  return error instanceof HooklineError
}

/** What `onFault` throws, it wants to reach whoever runs the process: no request stands around it. */
export function tellFaults(log: ServerLog, onFault: FaultListener): FaultListener {
  return (error, place) => {
    log.error({ ...place, err: error }, 'an error that no one foresaw')
    callListener((fault) => onFault(fault, place), error, throwOutside)
  }
}

function throwOutside(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
