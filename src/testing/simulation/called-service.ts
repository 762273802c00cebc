import { HooklineError } from '../../errors/hookline-error.ts'
import type { WebhookService } from '../../webhook-service.ts'
import { describeError } from './described-error.ts'
import type { History } from './history.ts'
import type { ProcessLife } from './process-life.ts'
import { AppendRefusedError } from './log-of-life.ts'

/** What came of a call, as its caller knows. */
export type Called<T> =
  | { readonly outcome: 'done'; readonly value: T }
  /** `refusal`: the error's code, or `append` where the log refused. */
  | { readonly outcome: 'refused'; readonly refusal: string }
  /** The process died in it. */
  | { readonly outcome: 'unknown' }

/** A service in the process it runs in, as its application calls it. */
export interface RunningService {
  readonly service: WebhookService
  readonly life: ProcessLife
  /** Whether it is being shut down. */
  closing: boolean
}

/** Makes one call. A refusal is a `HooklineError`, or what the log threw; anything else is a finding. */
export function callService<T>(
  { service, life }: RunningService,
  history: History,
  name: string,
  call: (service: WebhookService) => T,
): Called<T> {
  try {
    const value = call(service)
    return life.alive ? { outcome: 'done', value } : { outcome: 'unknown' }
  } catch (error) {
    if (!life.alive) return { outcome: 'unknown' }
    if (error instanceof HooklineError) return { outcome: 'refused', refusal: error.code }
    if (error instanceof AppendRefusedError) return { outcome: 'refused', refusal: 'append' }
    const message = `${name} threw ${describeError(error)}`
    history.found('calls are refused only as documented', { message })
    return { outcome: 'refused', refusal: 'undocumented' }
  }
}

/** Why an event is where it is, as the service says it. */
export function explained({ service }: RunningService, eventId: string): string {
  try {
    const { status, reason, text } = service.explain(eventId)
    return `${status}, ${reason}: ${text}`
  } catch (error) {
    return String(error)
  }
}
