import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { OptionReader } from '../options/option-reader.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { checkPort, checkString } from '../options/value-checks.ts'
import { openJsonlFile } from '../recorded/jsonl-file.ts'
import type { ProgressListener } from '../recorded/read-log-file.ts'
import type { OpenRecordFile } from '../recorded/record-file.ts'
import { RecordedLog } from '../recorded/recorded-log.ts'
import { InspectServer } from './server/inspect-server.ts'
import { mountPageRoutes, readPage } from './server/page-routes.ts'
import { mountViewRoutes } from './server/view-routes.ts'
import { followLog, playRecording } from './stately/stately-feed.ts'
import type { StatelyFeed } from './stately/stately-feed.ts'
import { readSpeed } from './stately/stately-options.ts'
import type { StatelyOptions } from './stately/stately-options.ts'
import { planStately } from './stately/stately-plan.ts'
import type { StatelyPlan } from './stately/stately-plan.ts'
import { serveStately } from './stately/stately-routes.ts'
import type { StatelyInspection } from './stately/stately-routes.ts'
import { LiveSource } from './view/live-source.ts'
import type { WatchedService } from './view/live-source.ts'
import { RecordedSource } from './view/recorded-source.ts'
import type { ViewSource } from './view/view-source.ts'

export interface InspectorOptions {
  /** Where it listens, on 127.0.0.1. @default 0: any port that is free. Whole, 0 to 65_535 */
  port?: number | undefined
  /** Shows payloads, the endpoints' answers, idempotency keys and the queries of URLs. @default false */
  payloads?: boolean | undefined
  /**
   * Feeds the Stately inspector too, by the package `@statelyai/inspect`. `true` and options demand that package; `false`
   * leaves it out. @default where the package is installed
   */
  stately?: boolean | StatelyOptions | undefined
}

export interface AttachOptions extends InspectorOptions {
  /** How many settled events are listed, the newest. @default 20_000. Whole, 0 to 1_000_000 */
  settledEvents?: number | undefined
  /** Where the time comes from: the service's own clock, if it was given one. @default the machine's clock */
  clock?: Clock | undefined
}

export interface LogFileOptions extends InspectorOptions {
  /** Hears, now and then, how many bytes of the file have been read. */
  onProgress?: ProgressListener | undefined
  /**
   * How many times as fast as recorded the log is played to the Stately inspector, where no pause is longer than 3 s; or
   * `'max'`, without pauses. @default 10. 0.01 to 100_000
   */
  speed?: number | 'max' | undefined
}

/** A viewer that is being served. */
export interface Inspector {
  /** Where to open it: `http://127.0.0.1:PORT/`. */
  readonly url: string
  /** How often something went wrong in it. The service was never touched by that. */
  readonly failures: number
  /** What is shown to the Stately inspector; null when it is not fed. */
  readonly stately: StatelyInspection | null
  /** Ends it, and every connection to it. */
  close(): Promise<void>
}

const optionNames = ['port', 'payloads', 'stately'] as const satisfies readonly (keyof InspectorOptions)[]

/**
 * Serves the viewer of a running service, to this machine alone. It reads the service's log and changes nothing. It does
 * not keep the process alive, and stays after a shutdown of the service until it is closed.
 *
 * @throws InvalidOptionError, MissingDependencyError. Rejects with Node's own error when the port is taken
 */
export async function attachInspector(service: WatchedService, options?: AttachOptions): Promise<Inspector> {
  const watched = checkPort<WatchedService>(service, 'service', ['explain', 'getEndpoint', 'listEndpoints', 'stats'])
  const reader = new OptionReader(options, '', [...optionNames, 'settledEvents', 'clock'])
  const { port, payloads } = readOptions(reader)
  const maxSettled = reader.wholeNumber('settledEvents', 20_000, { min: 0, max: 1_000_000 })
  const clock = readClock(reader.given('clock'))
  const plan = await planStately(reader.given('stately'))
  const source = await LiveSource.follow(watched, { clock, payloads, maxSettled })
  const feed = plan && followLog(watched.log, { ...plan, payloads, clock })
  return serve(source, plan, feed, { port, keepsProcess: false }, () => source.failures)
}

/**
 * Serves the viewer of a recorded log, one JSON record a line as `exportJsonl` writes it, to this machine alone. Keeps the
 * process alive until it is closed.
 *
 * @throws InvalidOptionError, MissingDependencyError. Rejects with Node's own error when the file cannot be read or the port is taken
 */
export function inspectLogFile(path: string, options?: LogFileOptions): Promise<Inspector> {
  return inspectRecordFile(path, openJsonlFile, options)
}

/** {@link inspectLogFile}, for a log in whatever form `openFile` reads. */
export async function inspectRecordFile(
  path: string,
  openFile: OpenRecordFile,
  options?: LogFileOptions,
): Promise<Inspector> {
  checkString(path, 'path', { min: 1, max: 4096 })
  const reader = new OptionReader(options, '', [...optionNames, 'speed', 'onProgress'])
  const { port, payloads } = readOptions(reader)
  const onProgress = readListener(reader.given('onProgress'))
  const speed = readSpeed(reader)
  const plan = await planStately(reader.given('stately'))
  const recorded = await RecordedLog.open(path, { onProgress, openFile })
  const source = new RecordedSource(recorded, payloads)
  const feed = plan && playRecording(recorded, speed, { ...plan, payloads, clock: systemClock })
  return serve(source, plan, feed, { port, keepsProcess: true }, () => 0)
}

function readOptions(reader: OptionReader) {
  return {
    port: reader.wholeNumber('port', 0, { min: 0, max: 65_535 }),
    payloads: reader.boolean('payloads', false),
  }
}

function readClock(given: unknown): Clock {
  if (given === undefined) return systemClock
  return checkPort<Clock>(given, 'clock', ['now', 'monotonic', 'setTimeout', 'clearTimeout'])
}

function readListener(given: unknown): ProgressListener | undefined {
  if (given === undefined) return undefined
  if (typeof given !== 'function') return refuseOption('onProgress', 'must be a function', given)
  // What it takes is the caller's promise.
  return given as ProgressListener
}

interface Serving {
  readonly port: number
  readonly keepsProcess: boolean
}

async function serve(
  source: ViewSource,
  plan: StatelyPlan | null,
  feed: StatelyFeed | null,
  serving: Serving,
  failuresOf: () => number,
): Promise<Inspector> {
  let failures = 0
  const closeSources = (): void => {
    feed?.close()
    source.close()
  }
  try {
    const page = readPage()
    const server = await InspectServer.start({ ...serving, onFailure: () => (failures += 1) })
    mountPageRoutes(server, page)
    mountViewRoutes(server, source)
    return {
      url: `${server.url}/`,
      stately: feed && serveStately(server, feed, plan?.sockets ?? null),
      get failures() {
        return failures + failuresOf()
      },
      async close() {
        await server.close()
        closeSources()
      },
    }
  } catch (error) {
    closeSources()
    throw error
  }
}
