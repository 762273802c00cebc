// Random runs of the whole service: every call a user may make and every answer an endpoint may give, in any order, over
// a scripted transport and a clock that is told to move.
import fc from 'fast-check'
import {
  CapacityError,
  EndpointDisabledError,
  EndpointNotFoundError,
  EventNotFoundError,
  InvalidOptionError,
} from '../../src/errors/errors.ts'
import type { EndpointOptions } from '../../src/endpoint/endpoint-options.ts'
import { windowSizes } from '../../src/lane/window-sizes.ts'
import type { Transition } from '../../src/log/transition.ts'
import type { WebhookServiceOptions } from '../../src/service-options.ts'
import { createVirtualClock } from '../../src/testing/virtual-clock.ts'
import type { VirtualClock } from '../../src/testing/virtual-clock.ts'
import { ProcessDiedError } from '../recovery/mortal-log.ts'
import { DiskFullError } from '../support/failing-log.ts'
import { LogDiedError } from '../support/stored-log.ts'
import { createEngine } from '../support/start-engine.ts'
import type { Engine } from '../support/start-engine.ts'
import type { ScriptedAnswer } from '../support/scripted-transport.ts'

/** One thing that happens to a service. Numbers choose among the endpoints, events or requests there are. */
export type Happening =
  | { do: 'submit'; endpoint: number; key: number }
  | { do: 'answer'; request: number; answer: Exclude<ScriptedAnswer, 'held'> }
  | { do: 'advance'; ms: number }
  | { do: 'redeliver'; event: number }
  | { do: 'pause' | 'resume' | 'remove' | 'redeliverDeadLetters' | 'update'; endpoint: number }

const anyIndex = fc.nat(50)
const anyAnswer = fc.constantFrom(200, 200, 204, 500, 500, 503, 429, 404, 410, 301, 'reset', 'dns', 'egress_blocked')

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('submit'), endpoint: anyIndex, key: fc.nat(3) }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('answer'), request: anyIndex, answer: anyAnswer }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('advance'), ms: fc.constantFrom(0, 1, 500, 1000, 2000, 5000, 60_000) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('redeliver'), event: anyIndex }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('pause', 'resume', 'resume', 'resume', 'update', 'redeliverDeadLetters'),
      endpoint: anyIndex,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove'), endpoint: anyIndex }) },
) as fc.Arbitrary<Happening>

const anyEndpoint: fc.Arbitrary<EndpointOptions> = fc
  .record(
    {
      ordering: fc.constantFrom('fifo', 'fifo', 'key', 'none'),
      whenExhausted: fc.constantFrom('park', 'halt'),
      concurrency: fc.integer({ min: 1, max: 3 }),
      breaker: fc.record({ failures: fc.integer({ min: 1, max: 3 }), cooldownMs: fc.constantFrom(100, 3000) }),
      autoDisable: fc.record({ afterMs: fc.constantFrom(1, 2000, 4000), warningMs: fc.constantFrom(0, 1) }),
      rateLimit: fc.record({ perSecond: fc.constantFrom(0.5, 2), burst: fc.integer({ min: 1, max: 2 }) }),
      timeoutMs: fc.constantFrom(300, 5000),
    },
    { requiredKeys: ['ordering', 'whenExhausted'] },
  )
  // Only lines that are apart may run side by side.
  .map(({ concurrency = 1, ...own }) => ({ ...own, concurrency: own.ordering === 'fifo' ? 1 : concurrency }))

export interface Run {
  readonly settings: Pick<WebhookServiceOptions, 'concurrency' | 'limits' | 'retention' | 'retry'>
  readonly endpoints: readonly EndpointOptions[]
  readonly happenings: readonly Happening[]
}

export const anyRun: fc.Arbitrary<Run> = fc.record({
  settings: fc.record({
    concurrency: fc.integer({ min: 1, max: 4 }),
    limits: fc.record({ liveLanes: fc.integer({ min: 1, max: 3 }), pendingEvents: fc.constantFrom(6, 100) }),
    retention: fc.record({ settledEvents: fc.constantFrom(0, 3, 100), deadLetters: fc.constantFrom(1, 100) }),
    retry: fc.record({
      maxAttempts: fc.integer({ min: 1, max: 3 }),
      initialDelayMs: fc.constantFrom(0, 1000),
      jitter: fc.constantFrom(0, 0.5),
    }),
  }),
  endpoints: fc.array(anyEndpoint, { minLength: 1, maxLength: 3 }),
  // Long runs: short ones hardly ever exhaust, redeliver or forget anything.
  happenings: fc.array(anyHappening, { maxLength: 60, size: 'max' }),
})

export interface RunningService extends Engine {
  /** In the order of registration, removed ones too. */
  readonly endpointIds: readonly string[]
  /** Every record ever appended, evicted ones too. */
  readonly appended: readonly Transition[]
  optionsOf(endpointId: string): EndpointOptions
  /** Carries out one happening and lets come of it what comes without time passing. */
  happen(happening: Happening): Promise<void>
}

/** What of an earlier process outlived it. */
export interface Survived {
  /** In the order of registration. */
  readonly endpointIds: readonly string[]
  readonly clock: VirtualClock
}

/** Every request is held until a happening answers it. */
export function startRun(
  { settings, endpoints }: Run,
  more: WebhookServiceOptions = {},
  { endpointIds: formerIds, clock: time }: Survived = { endpointIds: [], clock: createVirtualClock() },
  sizes = windowSizes,
): RunningService {
  const engine = createEngine({ ...settings, ...more }, time, sizes)
  const { service, transport, clock } = engine
  transport.respond(() => 'held')
  const appended = [...service.log.entries()]
  service.log.subscribe((transition) => appended.push(transition))
  const options = new Map(endpoints.map((own, index) => [registerAgain(engine, own, formerIds[index]), own]))
  const endpointIds = [...options.keys()]
  return {
    ...engine,
    endpointIds,
    appended,
    optionsOf: (endpointId) => options.get(endpointId)!,
    async happen(happening) {
      if (happening.do === 'advance') await clock.advance(happening.ms)
      else carryOut(engine, endpointIds, appended, happening)
      await engine.quiet()
    },
  }
}

/** Under its former id, unless events of the one that was removed under it are still being settled. */
function registerAgain({ register }: Engine, options: EndpointOptions, id: string | undefined): string {
  try {
    return register({ ...options, id })
  } catch (error) {
    if (id !== undefined && error instanceof InvalidOptionError && error.option === 'id') return id
    throw error
  }
}

/** A call is refused in the ways its documentation names, or because the log refuses its record, and in no other. */
const refusals = [
  ProcessDiedError,
  LogDiedError,
  CapacityError,
  EndpointDisabledError,
  EndpointNotFoundError,
  EventNotFoundError,
  DiskFullError,
]

function carryOut(
  { service, transport }: Engine,
  endpointIds: readonly string[],
  appended: readonly Transition[],
  happening: Exclude<Happening, { do: 'advance' }>,
): void {
  const endpointId = 'endpoint' in happening ? endpointIds[happening.endpoint % endpointIds.length]! : ''
  try {
    switch (happening.do) {
      case 'submit':
        service.submitEvent(endpointId, 'a.b', { n: 1 }, { orderingKey: `key-${happening.key}` })
        return
      case 'answer': {
        const { open } = transport
        open[happening.request % open.length]?.answer(happening.answer)
        return
      }
      case 'redeliver': {
        const eventIds = [...new Set(appended.map(({ eventId }) => eventId))]
        if (eventIds.length > 0) service.redeliver(eventIds[happening.event % eventIds.length]!)
        return
      }
      case 'redeliverDeadLetters':
        service.redeliverDeadLetters(endpointId)
        return
      case 'pause':
        service.pauseEndpoint(endpointId)
        return
      case 'resume':
        service.resumeEndpoint(endpointId)
        return
      case 'update':
        service.updateEndpoint(endpointId, { retry: { maxAttempts: 2 }, url: 'https://moved.example' })
        return
      case 'remove':
        service.removeEndpoint(endpointId)
        return
    }
  } catch (error) {
    if (!refusals.some((refusal) => error instanceof refusal)) throw error
  }
}
