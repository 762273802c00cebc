// How a service comes to its endpoints in a new life of its process: the first time, and again after a crash, on the log of
// the lives before it.
import type { RunningService } from './called-service.ts'
import type { History } from './history.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedEndpoint } from './simulated-endpoint.ts'
import { AppendRefusedError } from './log-of-life.ts'

const registerAgainMs = 1000

/** Registers every endpoint that was not removed. Throws what the ports throw when the process dies meanwhile. */
export function registerEndpoints(
  running: RunningService,
  endpoints: readonly SimulatedEndpoint[],
  clock: SimulatedClock,
  history: History,
): void {
  for (const endpoint of endpoints) if (!endpoint.removed) register(running, endpoint, clock, history)
}

/** A log that refuses what there is to record of the crash refuses the registration; it is made again. */
function register(running: RunningService, endpoint: SimulatedEndpoint, clock: SimulatedClock, history: History): void {
  const { service, life } = running
  const { id, url, secret, options } = endpoint
  try {
    endpoint.id = service.registerEndpoint(url, secret, id === '' ? options : { ...options, id })
  } catch (error) {
    if (!life.alive) return
    if (!(error instanceof AppendRefusedError)) throw error
    clock.in(registerAgainMs, () => {
      if (life.alive && !running.closing) register(running, endpoint, clock, history)
    })
    return
  }
  endpoint.registeredLife = life.number
  endpoint.registeredTicks.push(history.nextTick())
  // One that was removed, which its owner never heard for a crash, begins anew.
  if (history.folded.get(endpoint.id)?.endpoint?.value === 'removed') history.folded.delete(endpoint.id)
  // An overlap of two secrets is not in the log, and ends with the process.
  endpoint.secrets.length = 1
}
