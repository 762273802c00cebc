// The service as a process: the log's file, the engine, the HTTP server and the signals, put together in this order.
import { createServer } from '../../server/create-server.ts'
import { CallError } from '../call-error.ts'
import { sourceText } from '../config/config-source.ts'
import type { LoadedConfig } from '../config/load-config.ts'
import type { Terminal } from '../terminal.ts'
import { checkAddress, isLoopback } from './check-address.ts'
import { endService } from './end-service.ts'
import { firstSignal, leaveOnFaults, leaveWith, logWarnings } from './leave.ts'
import { createLogger } from './logger.ts'
import { readyText } from './ready-text.ts'
import { startService } from './start-service.ts'

/** Serves until it is told to end, and ends the process. Rejects when it cannot begin. */
export async function serve(loaded: LoadedConfig, { clock, interactive }: Terminal): Promise<never> {
  const { config } = loaded
  const logger = createLogger(config.log, interactive)
  const { log } = logger
  const leave = leaveWith(logger)
  logWarnings(logger)
  leaveOnFaults(logger, leave)
  const told = firstSignal(logger, leave)
  refusePublicHost(loaded)
  await checkAddress(config.host, config.port)
  const service = startService(config, logger, leave)
  const server = createServer(service, { log, limits: config.server, clock })
  const { url } = await server.listen({ host: config.host, port: config.port })
  log.info({ url, store: config.store, startMs: Math.round(clock.monotonic()) }, readyText(url, config))
  const signal = await told
  log.info({ signal, graceMs: config.shutdown.graceMs }, 'told to end: takes nothing new, lets what is in flight end')
  return leave(await endService({ service, server, log, clock, graceMs: config.shutdown.graceMs }))
}

function refusePublicHost({ config, sources }: LoadedConfig): void {
  if (isLoopback(config.host)) return
  const source = sourceText(sources.get('host') ?? { kind: 'default' })
  throw new CallError(
    `${source}: host is ${JSON.stringify(config.host)}, which other machines can reach, and there is no API key: everyone ` +
      'could do everything. Make a key first with `hookline keys`, or leave host at 127.0.0.1',
  )
}
