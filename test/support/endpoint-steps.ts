import type { ServiceEvents, ServiceEventType } from '../../src/notices/notices.ts'
import type { Engine } from './start-engine.ts'

/** Everything the service tells of these types, by name. */
export function listen<Type extends ServiceEventType>(
  { service }: Engine,
  ...types: Type[]
): [Type, ServiceEvents[Type]][] {
  const told: [Type, ServiceEvents[Type]][] = []
  for (const type of types) service.on(type, (notice) => told.push([type, notice]))
  return told
}

/** The steps of an endpoint's own statecharts, as the log tells of them. */
export function stepsOf({ service }: Engine, endpointId: string): string[] {
  return Array.from(
    service.log.endpointEntries({ endpointId }),
    ({ machine, event, from, to }) => `${machine} ${event.type}: ${from} → ${to}`,
  )
}
