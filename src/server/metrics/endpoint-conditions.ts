// Which endpoints are not as they should be, read off their own records. Asking each of 100,000 endpoints at every scrape
// would hold everything else up, so only those that stand out are remembered.
import type { BreakerState } from '../../../machines/breaker.ts'
import type { EndpointState } from '../../health/endpoint-health.ts'
import type { WebhookService } from '../../webhook-service.ts'

type BreakerCondition = Exclude<BreakerState, 'closed'>
type UseCondition = Exclude<EndpointState, 'active'>

/** How many endpoints are in each condition. Closed breakers and endpoints in use are the rest. */
export interface ConditionCounts {
  readonly breakers: Record<BreakerCondition, number>
  readonly endpoints: Record<UseCondition, number>
}

interface Condition {
  readonly breaker: BreakerCondition | null
  readonly use: UseCondition | null
}

export class EndpointConditions {
  readonly #service: WebhookService
  /** Those that stand out. */
  readonly #notable = new Map<string, Condition>()
  readonly #stop: () => void

  constructor(service: WebhookService) {
    this.#service = service
    for (const { id } of service.listEndpoints()) this.#look(id)
    this.#stop = service.log.subscribeToEndpoints(({ endpointId }) => this.#look(endpointId))
  }

  count(): ConditionCounts {
    const counts: ConditionCounts = { breakers: { open: 0, halfOpen: 0 }, endpoints: { paused: 0, disabled: 0 } }
    for (const { breaker, use } of this.#notable.values()) {
      if (breaker !== null) counts.breakers[breaker] += 1
      if (use !== null) counts.endpoints[use] += 1
    }
    return counts
  }

  stop(): void {
    this.#stop()
  }

  #look(endpointId: string): void {
    const condition = this.#conditionOf(endpointId)
    if (condition === null) this.#notable.delete(endpointId)
    else this.#notable.set(endpointId, condition)
  }

  #conditionOf(endpointId: string): Condition | null {
    let details
    try {
      details = this.#service.getEndpoint(endpointId)
    } catch {
      return null // it was removed
    }
    const { state, health } = details
    const use = state === 'active' ? null : state
    const breaker = openState(health.breaker?.state)
    return use === null && breaker === null ? null : { breaker, use }
  }
}

function openState(state: BreakerState | undefined): BreakerCondition | null {
  return state === 'open' || state === 'halfOpen' ? state : null
}
