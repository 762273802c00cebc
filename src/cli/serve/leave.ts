// The ends of the process that serves. It is crash-only: after a fault that nobody foresaw nothing of it is relied on any
// more, nothing is ended in good order, and the next start goes on from the log.
import { exitCode } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import type { ServiceLogger } from './logger.ts'
import { whenNpmShellIsGone } from './npm-shell.ts'
import type { NpmShell } from './npm-shell.ts'

export type Leave = (code: ExitCode) => never

/** Ends the process, with the last lines of the log written. Whatever is still open ends with it. */
export function leaveWith(logger: ServiceLogger): Leave {
  return (code) => {
    logger.flush()
    process.exit(code)
  }
}

/** Ends the process for an error that no one can judge. */
export type LeaveOnFault = (error: unknown, place: { readonly where: string }) => never

/** What it returns ends the process; so does what fails where nothing is prepared for it. */
export function leaveOnFaults({ log }: ServiceLogger, leave: Leave): LeaveOnFault {
  const fault: LeaveOnFault = (error, place) => {
    log.fatal({ ...place, err: error }, 'an internal fault: the process ends, and the next start goes on from the log')
    return leave(exitCode.failed)
  }
  process.on('uncaughtException', (error, where) => fault(error, { where }))
  process.on('unhandledRejection', (reason) => fault(reason, { where: 'unhandledRejection' }))
  return fault
}

/** Node's own warnings become lines of the log, but for the one about node:sqlite, which hookline has taken into account. */
export function logWarnings({ log }: ServiceLogger): void {
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning' || !warning.message.includes('SQLite'))
      log.warn({ err: warning }, 'a warning of Node')
  })
}

/** Resolves with the first signal to end; the second ends the process at once. That npm's shell is gone counts as a first one. */
export function firstSignal({ log }: ServiceLogger, leave: Leave, shell: NpmShell): Promise<NodeJS.Signals> {
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
    whenNpmShellIsGone(shell, () => {
      if (!told) hear('SIGTERM')
    })
  })
}
