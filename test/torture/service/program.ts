// The service's process: a real service on a file. It does what it is told, says so only after what it did is durable, and
// kills itself where it was told to when it was started.
import { createWebhookService, HooklineError, StorageError, type LogHome, type LogRecord } from '../../../src/index.ts'
import { systemClock } from '../../../src/clock/system-clock.ts'
import { createEgressPolicy } from '../../../src/transport/egress/egress-policy.ts'
import { createUndiciTransport } from '../../../src/transport/undici-transport.ts'
import { carryOut } from './carry-out.ts'
import { KillSwitch } from './kill-switch.ts'
import type { LifeOrder, ServiceNotice, ServiceOrder, ServiceReply } from './message.ts'
import { openLog, type OpenedLog } from './open-log.ts'
import { watchLog } from './watched-log.ts'
import { watchTransport } from './watched-transport.ts'

// The one argument is what the controller wrote for this program.
const life = JSON.parse(process.argv[2] ?? '') as LifeOrder
const kill = new KillSwitch(life.killAt)

function say(message: ServiceNotice | ServiceReply): void {
  process.send?.(message)
}

/** Nobody is left who could kill it. */
function exit(): void {
  process.exit(1)
}

function run(opened: OpenedLog, startedAtMs: number): void {
  const egress = { privateNetworks: 'deny', allow: ['127.0.0.1'] } as const
  const transport = createUndiciTransport({ egress: createEgressPolicy(egress, 'egress', {}), clock: systemClock })
  kill.pass('open: before the service is made')
  const service = createWebhookService({
    log: watchLog(opened.log, kill, life.mutant),
    transport: watchTransport(transport, kill),
    egress,
    concurrency: 48,
    limits: { liveLanes: 30, pendingEvents: 5_000, eventsInMemory: 100, orderingKeys: 100 },
    ...(life.keepsAll ? {} : { retention: { settledEvents: 600, deadLetters: 100, endpointRecords: 20 } }),
  })
  const openingMs = performance.now() - startedAtMs
  service.on('quarantined', ({ eventId }) => say({ type: 'quarantined', eventId }))
  opened.log.onCondition?.((condition) => say({ type: 'condition', condition }))
  tellOfRecords(opened.log)
  const endpoints = service
    .listEndpoints()
    .map(({ id, description, state }) => ({ endpointId: id, description, state }) as const)
  say({ type: 'ready', openingMs, endpoints })
  process.on('message', (order: ServiceOrder) => {
    void answer(order)
  })

  async function answer(order: ServiceOrder): Promise<void> {
    const { call } = order
    let flushing = false
    try {
      if (order.type === 'shutdown') kill.pass('shutdown: begun')
      if (order.type === 'capPages') opened.capPages(order.capped)
      const reply = await carryOut(service, order)
      if (order.type !== 'shutdown' && order.type !== 'statuses' && life.mutant !== 'acknowledges before flush') {
        flushing = true
        await service.flush()
      }
      kill.pass('flush: resolved, not acknowledged')
      say(reply)
      kill.pass('flush: acknowledged')
      // Nothing of the service is left then to keep the process alive.
      if (order.type === 'shutdown') process.off('disconnect', exit).disconnect()
    } catch (error) {
      say({ type: 'refused', call, by: flushing ? 'flush' : 'call', ...described(error) })
    }
  }
}

/** One message for all of a commit. */
function tellOfRecords(log: LogHome): void {
  let lines: string[] = []
  const hear = (record: LogRecord): void => {
    if (lines.push(JSON.stringify(record)) === 1) {
      queueMicrotask(() => {
        say({ type: 'records', lines })
        lines = []
      })
    }
    kill.pass('group: a subscriber was told')
  }
  log.subscribe(hear)
  log.subscribeToEndpoints(hear)
}

function described(error: unknown): { code: string; reason: string | null; message: string } {
  const code = error instanceof HooklineError ? error.code : 'UNKNOWN'
  const reason = error instanceof StorageError ? error.reason : null
  return { code, reason, message: error instanceof Error ? error.message : String(error) }
}

function start(): void {
  const startedAtMs = performance.now()
  try {
    run(openLog(life, kill), startedAtMs)
  } catch (error) {
    say({ type: 'notOpened', ...described(error) })
    process.off('disconnect', exit).disconnect()
  }
}

process.on('disconnect', exit)
start()
