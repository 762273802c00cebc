// Lines for what someone should know of without asking: what the service tells in its events.
import type { Logger } from 'pino'
import { isJudged } from '../../server/faults.ts'
import type { WebhookService } from '../../webhook-service.ts'
import type { LeaveOnFault } from './leave.ts'

/** @param fault told of what a listener failed with: here they are all hookline's own */
export function logNotices(service: WebhookService, log: Logger, fault: LeaveOnFault): void {
  logEvents(service, log)
  logEndpoints(service, log)
  logFaults(service, log)
  service.on('listenerFailed', ({ where, error }) => {
    if (!isJudged(error)) fault(error, { where })
    log.error({ where, err: error }, 'a listener failed')
  })
}

function logEvents(service: WebhookService, log: Logger): void {
  service.on('settled', ({ eventId, status, ...notice }) => {
    if (status === 'deadLettered') log.warn({ correlationId: eventId, ...notice }, 'dead letter: its attempts ran out')
    if (status === 'failed') log.warn({ correlationId: eventId, ...notice }, 'failed: it will not be tried again')
  })
  service.on('laneHalted', ({ eventId, ...notice }) => {
    log.warn({ correlationId: eventId, ...notice }, 'a dead letter holds its line until someone decides')
  })
}

function logEndpoints(service: WebhookService, log: Logger): void {
  service.on('endpointDisabled', (notice) => log.warn(notice, 'endpoint disabled'))
  service.on('endpointFailing', (notice) => log.warn(notice, 'endpoint only fails'))
  service.on('breakerChanged', (notice) => {
    const level = notice.state === 'open' ? 'warn' : 'info'
    log[level](notice, `breaker ${notice.state}`)
  })
  service.on('rateLimited', (notice) => log.debug(notice, 'held back by a rate limit'))
  service.on('endpointLeftOut', ({ endpointId, error }) => {
    log.error({ endpointId, err: error }, 'an endpoint did not come back; its events wait')
  })
}

function logFaults(service: WebhookService, log: Logger): void {
  service.on('quarantined', ({ eventId, error, ...notice }) => {
    log.error(
      { correlationId: eventId, ...notice, err: error },
      'an event was set aside: its records or its code are at fault',
    )
  })
  service.on('appendFailed', ({ eventId, error, ...notice }) => {
    log.error({ correlationId: eventId, ...notice, err: error }, 'a step was not stored; it is tried again')
  })
  service.on('endpointAppendFailed', ({ endpointId, error }) => {
    log.error({ endpointId, err: error }, 'a step of an endpoint was not stored; it is tried again')
  })
}
