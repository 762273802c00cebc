// A service whose home keeps its endpoints, in one process after another.
import { createEndpointKeepingLog } from '../support/endpoint-keeping-log.ts'
import type { Engine } from '../support/start-engine.ts'
import type { ScriptedRequest } from '../support/scripted-transport.ts'
import { createWorld } from './start-world.ts'

export const url = 'https://merchant.example/hooks'
export const elsewhere = 'https://merchant.example/elsewhere'
export const secret = 'a shared secret'

export function createKeepingWorld() {
  const log = createEndpointKeepingLog()
  return { ...createWorld(log), log }
}

/** How many secrets signed the last request. */
export const signatures = ({ transport }: Engine): number =>
  transport.requests.at(-1)!.header('webhook-signature')!.split(' ').length

export const bodySignature = (request: ScriptedRequest | undefined): string | undefined =>
  request?.header('x-signature')

export async function deliver(engine: Engine, endpointId: string, payload: unknown = {}): Promise<ScriptedRequest> {
  engine.service.submitEvent(endpointId, 'a.b', payload)
  await engine.quiet()
  return engine.transport.requests.at(-1)!
}
