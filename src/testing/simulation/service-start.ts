// How a service comes to its endpoints in a new life of its process: the first time, and again after a crash, on the log of
// the lives before it.
import { StorageError } from '../../errors/errors.ts'
import type { StoredEndpoint } from '../../log/stored-endpoints.ts'
import type { RunningService } from './called-service.ts'
import type { History } from './history.ts'
import { AppendRefusedError } from './log-of-life.ts'
import type { PlacedLog } from './placed-log.ts'
import type { SeededSource } from './seeded-source.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'

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
    if (back !== undefined) endpoint.removed = false
    if (endpoint.removed) continue
    checkBack(endpoint, back, history)
    const isAsWanted = back !== undefined && isSame(back, endpoint.wanted)
    // Its owner registers it again with every start, or lets it come back by itself.
    if (isAsWanted && draws.chance(0.5)) cameBack(running, endpoint, back, history)
    else register(running, endpoint, back, parts)
  }
}

/** What was durable of an endpoint came back, or something that was to come after it. */
function checkBack(endpoint: SimulatedEndpoint, back: StoredEndpoint | undefined, history: History): void {
  const { id, durable, sinceDurable } = endpoint
  if (durable === null) return
  if (back !== undefined && [durable, ...sinceDurable].some((each) => isSame(back, each))) return
  const message = back === undefined ? `${id} did not come back` : `${id} came back with ${JSON.stringify(back)}`
  history.found('endpoints come back as they were', { message })
}

function isSame({ url, secrets }: StoredEndpoint, wanted: { readonly url: string; readonly secret: string }): boolean {
  return url === wanted.url && secrets[0]?.secret === wanted.secret
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
    if (!(error instanceof AppendRefusedError || error instanceof StorageError)) throw error
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

function takeSecrets(endpoint: SimulatedEndpoint, { secrets }: StoredEndpoint): void {
  endpoint.secrets.length = 0
  for (const { secret, retiresAtMs } of secrets) {
    endpoint.secrets.push({ text: secret, untilWallMs: retiresAtMs ?? Infinity })
  }
}
