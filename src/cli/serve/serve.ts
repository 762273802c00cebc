// The service as a process: the log's file, the engine, the HTTP server and the signals, put together in this order.
import type { Logger } from 'pino'
import type { StorageError } from '../../errors/errors.ts'
import { createServer } from '../../server/create-server.ts'
import { isLoopback } from '../../server/http/own-requests.ts'
import { fileKeys } from '../../server/keys/file-keys.ts'
import { CallError } from '../call-error.ts'
import { sourceText } from '../config/config-source.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import type { Terminal } from '../terminal.ts'
import { serverOptions } from '../config/server-options.ts'
import { checkAddress } from './check-address.ts'
import { endService } from './end-service.ts'
import { firstSignal, leaveOnFaults, leaveWith, logWarnings } from './leave.ts'
import { createLogger } from './logger.ts'
import { readyText } from './ready-text.ts'
import { startService } from './start-service.ts'

/** Serves until it is told to end, and ends the process. Rejects when it cannot begin. */
export async function serve(loaded: LoadedConfig, { clock, environment, interactive }: Terminal): Promise<never> {
  const { config } = loaded
  const logger = createLogger(config.log, interactive, clock)
  const { log } = logger
  const leave = leaveWith(logger)
  logWarnings(logger)
  const fault = leaveOnFaults(logger, leave)
  const told = firstSignal(logger, leave, { clock, environment, parentId: () => process.ppid })
  const keys = fileKeys(config.keys, { clock, onProblem: (problem) => logKeyFile(problem, log) })
  if (keys.empty) refusePublicHost(loaded)
  await checkAddress(config.host, config.port)
  const service = startService(config, logger, { leave, fault })
  const server = createServer(service, { ...serverOptions(config), keys, log, clock, onFault: fault })
  const { url } = await server.listen({ host: config.host, port: config.port })
  log.info({ url, store: config.store, startMs: Math.round(clock.monotonic()) }, readyText(url, config, keys))
  const signal = await told
  log.info({ signal, graceMs: config.shutdown.graceMs }, 'told to end: takes nothing new, lets what is in flight end')
  return leave(await endService({ service, server, log, clock, graceMs: config.shutdown.graceMs }))
}

function logKeyFile(problem: StorageError | null, log: Logger): void {
  if (problem === null) log.info({}, 'the key file can be read again')
  else log.error({ err: problem }, 'the key file cannot be read; the keys that were read last go on to count')
}

function refusePublicHost({ config, sources }: LoadedConfig): void {
  if (isLoopback(config.host)) return
  const source = sourceText(sources.get('host') ?? { kind: 'default' })
  throw new CallError(
    `${source}: host is ${JSON.stringify(config.host)}, which other machines can reach, and ${config.keys} holds no API key: ` +
      'everyone could do everything. Make a key with `hookline keys create`, or leave host at 127.0.0.1',
  )
}
