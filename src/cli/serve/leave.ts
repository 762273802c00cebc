// The ends of the process that serves. It is crash-only: after a fault that nobody foresaw nothing of it is relied on any
// more, and the next start goes on from the log.
import { exitCode } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import type { ServiceLogger } from './logger.ts'

export type Leave = (code: ExitCode) => never

/** Ends the process, with the last lines of the log written. Whatever is still open ends with it. */
export function leaveWith({ flush }: ServiceLogger): Leave {
  return (code) => {
    flush()
    process.exit(code)
  }
}

/** Ends the process when its code has failed where nothing is prepared for it. */
export function leaveOnFaults({ log }: ServiceLogger, leave: Leave): void {
  const fault = (error: unknown, where: string): void => {
    log.fatal({ err: error, where }, 'an internal fault: the process ends, and the next start goes on from the log')
    leave(exitCode.failed)
  }
  process.on('uncaughtException', fault)
  process.on('unhandledRejection', (reason) => fault(reason, 'unhandledRejection'))
}

/** Node's own warnings become lines of the log, but for the one about node:sqlite, which hookline has taken into account. */
export function logWarnings({ log }: ServiceLogger): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning' || !warning.message.includes('SQLite'))
      log.warn({ err: warning }, 'a warning of Node')
  })
}

/** Resolves with the first signal to end; the second ends the process at once. */
export function firstSignal({ log }: ServiceLogger, leave: Leave): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let told = false
    const hear = (signal: NodeJS.Signals): void => {
      if (told) {
        log.warn({ signal }, 'told to end a second time: it ends at once')
        leave(exitCode.failed)
      }
      told = true
      resolve(signal)
    }
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, hear)
  })
}
