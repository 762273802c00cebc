import { OptionReader } from '../../options/option-reader.ts'
import { refuseOption } from '../../options/refuse-option.ts'
import { checkList, checkPort, checkWholeNumber } from '../../options/value-checks.ts'
import { resolveServiceOptions } from '../../service-options.ts'
import type { ServiceSettings, WebhookServiceOptions } from '../../service-options.ts'
import { drawBehaviours, drawServiceOptions } from './draw-scenario.ts'
import { resolveBehaviour } from './endpoint-behaviour.ts'
import type { EndpointBehaviour, ResolvedBehaviour } from './endpoint-behaviour.ts'
import { resolveFaultRates } from './fault-rates.ts'
import type { FaultRates } from './fault-rates.ts'
import type { LogPlace } from './log-place.ts'
import { SeededSource } from './seeded-source.ts'

/** The settings of a simulated service: all but the ports, which are the simulation's own. */
export type SimulatedServiceOptions = Omit<
  WebhookServiceOptions,
  'clock' | 'random' | 'ids' | 'transport' | 'log' | 'inspect' | 'egress'
>

/** What to simulate. Whatever is left out is drawn from the seed. */
export interface SimulationOptions {
  /** A run is the same for the same seed and the same other options. Whole, 0 to 2^53-1. */
  readonly seed: number
  /** 1 to 100. */
  readonly endpoints?: readonly EndpointBehaviour[] | undefined
  /** How many events the application submits or publishes. Whole, 0 to 100_000. */
  readonly events?: number | undefined
  /** Virtual time until everything is healed. Whole, 1000 to 604_800_000 (7 days). */
  readonly durationMs?: number | undefined
  /** How often what goes wrong, beside what the endpoints do. `{}` leaves every kind to the seed. */
  readonly faults?: Partial<FaultRates> | 'none' | undefined
  /** As in `createWebhookService`; `{}` is a service with its defaults. */
  readonly service?: SimulatedServiceOptions | undefined
  /**
   * Whether people meddle: pause, resume, change, redeliver, rotate, remove.
   * @default true
   */
  readonly operations?: boolean | undefined
  /**
   * Makes a new place for the log, one for the run: what is made durable there is what a crash leaves.
   *
   * @default a log in memory, of which each record is durable as it is appended
   */
  readonly log?: (() => LogPlace) | undefined
}

/** Complete {@link SimulationOptions}. */
export interface ResolvedSimulation {
  readonly seed: number
  readonly source: SeededSource
  readonly endpoints: readonly ResolvedBehaviour[]
  readonly events: number
  readonly durationMs: number
  readonly faults: FaultRates
  readonly service: SimulatedServiceOptions
  readonly settings: ServiceSettings
  readonly operations: boolean
  /** Null: a log in memory that outlives the process. */
  readonly place: LogPlace | null
}

const names = ['seed', 'endpoints', 'events', 'durationMs', 'faults', 'service', 'operations', 'log']
const ports = ['clock', 'random', 'ids', 'transport', 'log', 'inspect', 'egress']

/** @throws InvalidOptionError */
export function resolveSimulation(value: unknown): ResolvedSimulation {
  const reader = new OptionReader(value, '', names)
  const seed = checkWholeNumber(reader.given('seed'), 'seed', { min: 0, max: Number.MAX_SAFE_INTEGER })
  const source = new SeededSource(seed)
  const scenario = source.stream('scenario')
  const durationMs = reader.wholeNumber('durationMs', scenario.oneOf([20_000, 120_000, 600_000]), {
    min: 1000,
    max: 604_800_000,
  })
  const events = reader.wholeNumber('events', scenario.oneOf([10, 25, 50, 90]), { min: 0, max: 100_000 })
  const behaviours = reader.given('endpoints') ?? drawBehaviours(source.stream('endpoints'), durationMs)
  const service = readService(reader.given('service') ?? drawServiceOptions(source.stream('service')))
  return {
    seed,
    source,
    endpoints: checkList(behaviours, 'endpoints', { min: 1, max: 100 }, resolveBehaviour),
    events,
    durationMs,
    faults: resolveFaultRates(reader.given('faults'), source.stream('faults')),
    service,
    // Endpoints of a simulation are reached without a network, so no egress policy has anything to say.
    settings: resolveServiceOptions(service, {}),
    operations: reader.boolean('operations', true),
    place: readPlace(reader.given('log')),
  }
}

function readPlace(open: unknown): LogPlace | null {
  if (open === undefined) return null
  if (typeof open !== 'function') return refuseOption('log', 'must be a function that makes a place', open)
  // What it makes is checked at once.
  const made: unknown = (open as () => unknown)()
  return checkPort<LogPlace>(made, 'log()', ['open', 'crash', 'dispose'])
}

function readService(value: unknown): SimulatedServiceOptions {
  const given: object = typeof value === 'object' && value !== null ? value : refuseService(value)
  const port = ports.find((name) => Object.hasOwn(given, name))
  if (port !== undefined) refuseOption(`service.${port}`, 'is the simulation’s own and cannot be given', 'a port')
  // resolveServiceOptions reads every name of it.
  return given as SimulatedServiceOptions
}

function refuseService(value: unknown): never {
  return refuseOption('service', 'must be a plain object', value)
}
