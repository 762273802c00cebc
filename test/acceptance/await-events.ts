import type { ServiceEvents, ServiceEventType, Transition, WebhookService } from '../../src/index.ts'

// What the helpers below need of a service, whatever its payload types.
type Watched = Pick<WebhookService, 'on' | 'getEventStatus' | 'log'>

const settledStatuses = new Set(['delivered', 'failed', 'deadLettered'])

/** Resolves when these events have all settled; at once if they have already. */
export async function settled(service: Watched, ...eventIds: string[]): Promise<void> {
  const open = new Set(eventIds.filter((id) => !settledStatuses.has(service.getEventStatus(id).status)))
  if (open.size === 0) return
  await new Promise<void>((resolve) => {
    const stop = service.on('settled', ({ eventId }) => {
      open.delete(eventId)
      if (open.size > 0) return
      stop()
      resolve()
    })
  })
}

/** The next service event of this type that fits. */
export function next<Type extends ServiceEventType>(
  service: Watched,
  type: Type,
  fits: (notice: ServiceEvents[Type]) => boolean = () => true,
): Promise<ServiceEvents[Type]> {
  return new Promise((resolve) => {
    const stop = service.on(type, (notice) => {
      if (!fits(notice)) return
      stop()
      resolve(notice)
    })
  })
}

/** The records of one event whose machine event has this type. */
export function records<Type extends Transition['event']['type']>(
  service: Watched,
  eventId: string,
  type: Type,
): (Transition & { event: Extract<Transition['event'], { type: Type }> })[] {
  type Wanted = Transition & { event: Extract<Transition['event'], { type: Type }> }
  return Array.from(service.log.entries({ eventId })).filter((entry): entry is Wanted => entry.event.type === type)
}
