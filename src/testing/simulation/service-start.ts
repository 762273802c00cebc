// How a service comes to its endpoints in a new life of its process: the first time, and again after a crash, on the log of
// the lives before it.
import { isDeepStrictEqual } from 'node:util'
import { InvalidOptionError, StorageError } from '../../errors/errors.ts'
import type { StoredEndpoint } from '../../log/stored-endpoints.ts'
import type { RunningService } from './called-service.ts'
import type { History } from './history.ts'
import { AppendRefusedError } from './log-of-life.ts'
import type { PlacedLog } from './placed-log.ts'
import type { SeededSource } from './seeded-source.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedEndpoint, Wanted } from './simulated-endpoint.ts'

const registerAgainMs = 1000

export interface StartParts {
  readonly endpoints: readonly SimulatedEndpoint[]
  readonly clock: SimulatedClock
  readonly history: History
  readonly placed: PlacedLog | null
  readonly draws: SeededSource
}

/**
 * Registers every endpoint that was not removed; or leaves it to the log, where that keeps endpoints. Throws what the ports
 * throw when the process dies meanwhile.
 */
export function registerEndpoints(running: RunningService, parts: StartParts): void {
  const { endpoints, history, placed, draws } = parts
  const stored = placed?.storedEndpoints() ?? new Map<string, StoredEndpoint>()
  for (const endpoint of endpoints) {
    const back = stored.get(endpoint.id)
    // Its owner was never told that the removal is durable, and begins again.
    if (endpoint.removed && !endpoint.removedForGood) endpoint.removed = false
    if (endpoint.removed) continue
    const found = back === undefined ? null : asFound(running, back)
    checkBack(endpoint, found, history)
    // Its owner registers it again with every start, or lets it come back by itself.
    const isAsWanted = found !== null && isDeepStrictEqual(found, shown(endpoint.wanted))
    if (back !== undefined && isAsWanted && draws.chance(0.5)) cameBack(running, endpoint, back, history)
    else register(running, endpoint, back, parts)
  }
}

/** What was durable of an endpoint came back, or something that was to come after it. */
function checkBack({ id, durable, sinceDurable }: SimulatedEndpoint, found: unknown, history: History): void {
  if (durable === null) return
  if ([durable, ...sinceDurable].some((each) => isDeepStrictEqual(found, shown(each)))) return
  const message = found === null ? `${id} did not come back` : `${id} came back as ${JSON.stringify(found)}`
  history.found('endpoints come back as they were', { message })
}

/** As the service shows it; the secret as the log keeps it. */
function asFound({ service }: RunningService, { endpointId, secrets }: StoredEndpoint): Wanted {
  const details = service.getEndpoint(endpointId)
  const shownToo: ReadonlySet<string> = new Set(['id', 'url', 'state', 'health'])
  const settings = Object.fromEntries(Object.entries(details).filter(([name]) => !shownToo.has(name)))
  // What is shown of an endpoint beside these is its settings.
  return { url: details.url, secret: secrets[0]?.secret ?? '', settings: settings as unknown as Wanted['settings'] }
}

/** Of headers only the names are shown. */
function shown({ url, secret, settings }: Wanted): Wanted {
  const headers = settings.headers.filter((_, index) => index % 2 === 0)
  return { url, secret, settings: { ...settings, eventTypes: [...settings.eventTypes], headers } }
}

function cameBack(running: RunningService, endpoint: SimulatedEndpoint, back: StoredEndpoint, history: History): void {
  endpoint.registeredLife = running.life.number
  endpoint.registeredTicks.push(history.nextTick())
  takeSecrets(endpoint, back)
}

/** A log that refuses what there is to record of the crash refuses the registration; it is made again. */
function register(
  running: RunningService,
  endpoint: SimulatedEndpoint,
  back: StoredEndpoint | undefined,
  parts: StartParts,
): void {
  const { service, life } = running
  const { clock, history } = parts
  const { id, url, secret, options } = endpoint
  try {
    endpoint.id = service.registerEndpoint(url, secret, id === '' ? options : { ...options, id })
  } catch (error) {
    if (!life.alive) return
    const isRefusal = error instanceof AppendRefusedError || error instanceof StorageError || isBeingRemoved(error)
    // One that came back goes on as it was: whoever wants it otherwise cannot let the service run.
    if (!isRefusal || back !== undefined) throw error
    clock.in(registerAgainMs, () => {
      if (life.alive && !running.closing) register(running, endpoint, back, parts)
    })
    return
  }
  endpoint.registeredLife = life.number
  endpoint.registeredTicks.push(history.nextTick())
  // One that was removed, which its owner never heard for a crash, begins anew.
  if (history.folded.get(endpoint.id)?.endpoint?.value === 'removed') history.folded.delete(endpoint.id)
  parts.placed?.noteDurable(endpoint)
  // Without a home that keeps it, an overlap of two secrets ends with the process.
  if (back?.secrets[0]?.secret === secret) takeSecrets(endpoint, back)
  else endpoint.secrets.length = 1
}

/** Events of the endpoint that was removed under its id are still being settled. */
function isBeingRemoved(error: unknown): boolean {
  return error instanceof InvalidOptionError && error.option === 'id'
}

function takeSecrets(endpoint: SimulatedEndpoint, { secrets }: StoredEndpoint): void {
  endpoint.secrets.length = 0
  for (const { secret, retiresAtMs } of secrets) {
    endpoint.secrets.push({ text: secret, untilWallMs: retiresAtMs ?? Infinity })
  }
}
