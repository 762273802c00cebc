import type { LogHome } from '../../log/log-home.ts'
import { createWebhookService } from '../../service.ts'
import { sqliteLog } from '../../sqlite/sqlite-log.ts'
import type { WebhookService } from '../../webhook-service.ts'
import type { Config } from '../config/config-schema.ts'
import { engineOptions } from '../config/engine-options.ts'
import { exitCode } from '../exit-code.ts'
import type { Leave, LeaveOnFault } from './leave.ts'
import type { ServiceLogger } from './logger.ts'
import { logNotices } from './notice-lines.ts'
import { logSteps } from './step-lines.ts'

export interface ServiceEnds {
  readonly leave: Leave
  readonly fault: LeaveOnFault
}

/**
 * Opens the log's file and starts delivering what it holds. The process ends when the log stops for good: nothing can be
 * taken or delivered any more, and only a start can find out what the file holds.
 *
 * @throws StorageError
 */
export function startService(config: Config, { log }: ServiceLogger, { leave, fault }: ServiceEnds): WebhookService {
  const home: LogHome = sqliteLog(config.store, { secretKeys: config.secretKeys })
  const service = createWebhookService({ ...engineOptions(config), log: home })
  logNotices(service, log, fault)
  logSteps(service, log)
  service.on('logConditionChanged', ({ condition, error }) => {
    if (condition === 'writable') log.info({ condition }, 'the log takes records again')
    else if (condition === 'held')
      log.error({ condition, err: error }, 'the log takes no records for now; nothing is lost')
    else {
      log.fatal({ condition, err: error }, 'the log has stopped for good: the process ends')
      leave(exitCode.failed)
    }
  })
  return service
}
