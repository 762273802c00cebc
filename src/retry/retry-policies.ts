import { matchesPattern, parsePattern } from '../endpoint/event-type-pattern.ts'
import { OptionReader, checkPlainObject } from '../options/option-reader.ts'
import { checkList } from '../options/value-checks.ts'
import { resolveRetryPolicy } from './retry-policy.ts'
import type { RetryOptions, RetryPolicy } from './retry-policy.ts'

/** A retry policy for some event types, whatever the endpoint. */
export interface RetryPolicyRule {
  /** Event types and patterns such as `payment.*`; 1 to 100. */
  eventTypes: readonly string[]
  /** What is not given is taken from the service's `retry`. */
  retry: RetryOptions
}

/** A checked {@link RetryPolicyRule}. */
export interface ResolvedRule {
  readonly eventTypes: readonly string[]
  readonly retry: RetryPolicy
}

const none: readonly ResolvedRule[] = Object.freeze([])

/**
 * Checks the service's rules; at most 100.
 *
 * @throws InvalidOptionError naming the rule and the field: `retryPolicies[0].retry.jitter`
 */
export function resolveRetryPolicies(value: unknown, option: string, base: RetryPolicy): readonly ResolvedRule[] {
  if (value === undefined) return none
  return checkList(value, option, { min: 0, max: 100 }, (item, path) => {
    const reader = new OptionReader(item, path, ['eventTypes', 'retry'])
    const retryPath = reader.path('retry')
    return Object.freeze({
      eventTypes: checkList(reader.given('eventTypes'), reader.path('eventTypes'), { min: 1, max: 100 }, parsePattern),
      retry: resolveRetryPolicy(checkPlainObject(reader.given('retry'), retryPath), retryPath, base),
    })
  })
}

/** The policy for an event: its endpoint's own, else that of the first rule for its type, else the service's. */
export function policyFor(
  eventType: string,
  endpointPolicy: RetryPolicy | null,
  rules: readonly ResolvedRule[],
  base: RetryPolicy,
): RetryPolicy {
  if (endpointPolicy !== null) return endpointPolicy
  for (const rule of rules) {
    for (const pattern of rule.eventTypes) if (matchesPattern(pattern, eventType)) return rule.retry
  }
  return base
}
