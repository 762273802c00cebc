import { serviceEventTypes } from '../../src/notices/notices.ts'
import type { ServiceEventType } from '../../src/notices/notices.ts'
import type { WebhookService } from '../../src/webhook-service.ts'

export type Notice = { readonly type: ServiceEventType } & Readonly<Record<string, unknown>>

/** Every service event from now on. */
export function listNotices(service: WebhookService): readonly Notice[] {
  const notices: Notice[] = []
  for (const type of serviceEventTypes) service.on(type, (notice) => notices.push({ ...notice, type }))
  return notices
}
