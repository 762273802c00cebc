import { checkEventType } from '../admission/event-type.ts'
import { OptionReader } from '../options/option-reader.ts'
import { checkPrintableString } from '../options/value-checks.ts'

/** Which endpoints `endpointIds` tells of; what is not given does not narrow it. */
export interface EndpointIdsFilter {
  /** Those with this `tenantId`. */
  tenantId?: string | undefined
  /** Those that `publishEvent` would reach with this event type: subscribed to it, and not disabled. */
  subscribedTo?: string | undefined
}

/** Checked {@link EndpointIdsFilter}; null is what was not given. */
export interface EndpointIdsQuery {
  readonly tenantId: string | null
  readonly subscribedTo: string | null
}

/** @throws InvalidOptionError */
export function readEndpointIdsFilter(value: unknown): EndpointIdsQuery {
  const reader = new OptionReader(value, '', ['tenantId', 'subscribedTo'])
  const tenantId = reader.given('tenantId')
  const subscribedTo = reader.given('subscribedTo')
  return {
    tenantId: tenantId === undefined ? null : checkPrintableString(tenantId, 'tenantId', { min: 1, max: 128 }),
    subscribedTo: subscribedTo === undefined ? null : checkEventType(subscribedTo, 'subscribedTo'),
  }
}
