import type { Logger } from 'pino'
import type { Clock } from '../../clock/clock.ts'
import type { HooklineServer } from '../../server/create-server.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { exitCode } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'

export interface Ending {
  readonly service: WebhookService
  readonly server: HooklineServer
  readonly log: Logger
  readonly clock: Clock
  readonly graceMs: number
}

/** For answers that are on their way when the engine has ended. */
const lastAnswersMs = 1000

/**
 * The end in order: not ready any more, nothing new is taken and no attempt starts, requests in flight end or are cut off
 * after `graceMs`, the log's file is closed, then the port. Until then the server goes on answering.
 */
export async function endService({ service, server, log, clock, graceMs }: Ending): Promise<ExitCode> {
  const endsAt = clock.monotonic() + graceMs
  server.retire()
  try {
    const { undeliveredTotal, interrupted } = await service.shutdown({ timeoutMs: graceMs })
    await server.close({ graceMs: Math.max(lastAnswersMs, endsAt - clock.monotonic()) })
    log.info(
      { undelivered: undeliveredTotal, interrupted },
      'ended; the next start goes on with what was not delivered',
    )
    return exitCode.done
  } catch (error) {
    log.error({ err: error }, 'ended; what was not acknowledged may not be stored')
    return exitCode.failed
  }
}
