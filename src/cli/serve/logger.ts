// The service's own log: a line of JSON for each thing that happens, or lines for people. It is written behind the back of
// the deliveries, so that a reader who has stopped reading holds nothing up.
import { pino } from 'pino'
import type { Logger } from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { Clock } from '../../clock/clock.ts'
import type { Config } from '../config/config-schema.ts'
import { GatheredLines } from './gathered-lines.ts'
import { lineForPeople } from './line-for-people.ts'
import { LineOutput, toStandardOutput } from './line-output.ts'
import { shownError } from './shown-error.ts'

export interface ServiceLogger {
  readonly log: Logger
  /** Writes what waits, before the process ends. */
  flush(): void
}

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
export function createLogger({ level, pretty }: Config['log'], colors: boolean, clock: Clock): ServiceLogger {
  const output = new LineOutput(clock, toStandardOutput())
  const lines = new GatheredLines(clock, output)
  // Also when the process ends without having been told to.
  process.once('exit', () => flush(lines, output))
  const log = pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => shownError(error) },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: hidden, censor: '(hidden)' },
    },
    pretty ? forPeople(lines, colors) : lines,
  )
  return { log, flush: () => flush(lines, output) }
}

/** In this thread: a worker would lose the last lines of a process that ends at once. */
function forPeople(lines: GatheredLines, colors: boolean): Pick<GatheredLines, 'write'> {
  const prettify = prettyFactory({
    colorize: colors,
    ignore: 'pid,hostname',
    translateTime: 'HH:MM:ss.l',
    singleLine: true,
  })
  return { write: (line) => lines.write(prettify(lineForPeople(line))) }
}

function flush(lines: GatheredLines, output: LineOutput): void {
  lines.flush()
  output.end()
}
