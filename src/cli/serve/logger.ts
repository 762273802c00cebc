// The service's own log: a line of JSON for each thing that happens, or lines for people. It is written behind the back of
// the deliveries, so that a reader who has stopped reading holds nothing up.
import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { Config } from '../config/config-schema.ts'
import { shownError } from './shown-error.ts'

export interface ServiceLogger {
  readonly log: Logger
  /** Writes what waits, before the process ends. */
  flush(): void
}

/** What waits for a reader that does not read; beyond it, lines are dropped. */
const waitingBytes = 16 * 1024 * 1024

/** Nobody writes any of these to the log; should someone ever, they are not seen. */
const hidden = [
  'secret',
  'key',
  'password',
  'payload',
  'body',
  'headers',
  'authorization',
  'cookie',
  'url.password',
].flatMap((name) => [name, `*.${name}`])

/** @param colors whether the lines for people are coloured */
export function createLogger({ level, pretty }: Config['log'], colors: boolean): ServiceLogger {
  const stdout = pino.destination({ fd: process.stdout.fd, sync: false, maxLength: waitingBytes })
  // Whoever read it is gone. The service goes on without.
  stdout.on('error', () => undefined)
  const log = pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => shownError(error) },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: hidden, censor: '(hidden)' },
    },
    pretty ? forPeople(stdout, colors) : stdout,
  )
  return { log, flush: () => flush(stdout) }
}

/** In this thread: a worker would lose the last lines of a process that ends at once. */
function forPeople(stdout: DestinationStream, colors: boolean): DestinationStream {
  const prettify = prettyFactory({
    colorize: colors,
    ignore: 'pid,hostname',
    translateTime: 'HH:MM:ss.l',
    singleLine: true,
  })
  return { write: (line) => stdout.write(prettify(line)) }
}

function flush(stdout: { flushSync(): void }): void {
  try {
    stdout.flushSync()
  } catch {
    // Nobody reads it any more.
  }
}
