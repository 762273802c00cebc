export { createWebhookService } from './service.ts'
export type {
  BatchEvent,
  EndpointPatch,
  PayloadMap,
  RotateSecretOptions,
  SubmissionResult,
  WebhookService,
} from './webhook-service.ts'
export { rawJson } from './admission/raw-json.ts'
export type { RawJson } from './admission/raw-json.ts'
export type { WebhookServiceOptions } from './service-options.ts'
export type { RetentionOptions, ServiceLimitOptions } from './service-limits.ts'
export type { EndpointIdsFilter } from './endpoint/endpoint-ids-filter.ts'
export type { EndpointOptions } from './endpoint/endpoint-options.ts'
export type { EndpointDetails } from './endpoint/endpoint-details.ts'
export type { AutoDisableOptions } from './health/auto-disable.ts'
export type { BreakerSettings } from './health/breaker-settings.ts'
export type { EndpointState, HealthDetails } from './health/endpoint-health.ts'
export type { RateLimitOptions } from './endpoint/rate-limit.ts'
export type { SubmitOptions } from './admission/submit-options.ts'
export type { RetryOptions } from './retry/retry-policy.ts'
export type { RetryPolicyRule } from './retry/retry-policies.ts'
export type { SigningOptions } from './signing/signing-options.ts'
export type { EgressOptions } from './transport/egress/egress-policy.ts'
export type { EventStatus } from './event/event-status.ts'
export type { AttemptDetails, EventDetails } from './event/event-details.ts'
export type { EventPage, EventSummary } from './event/event-page.ts'
export type { EventQuery } from './event/event-query.ts'
export type { DeadLetterEvent } from './event/dead-letter.ts'
export type { Explanation, ExplanationReason } from './explain/explain.ts'
export type { EndpointStats } from './endpoint-stats.ts'
export type { ServiceStats } from './service-stats.ts'
export type { EventNotice, ServiceEvents, ServiceEventType, SettledNotice } from './notices/notices.ts'
export type { ShutdownOptions, ShutdownReport, UndeliveredEvent } from './shutdown.ts'
export type { Failure, FailureReason } from './attempt/failure.ts'

export { memoryLog } from './log/memory-log.ts'
export { exportJsonl, importJsonl } from './log/jsonl.ts'
export type { LogCondition, LogHome, LogSize } from './log/log-home.ts'
export type { StoredEndpoint, StoredEndpoints, StoredSecret } from './log/stored-endpoints.ts'
export type {
  DamagedEvent,
  ScannedEvent,
  ScannedPage,
  ScanQuery,
  StoredBacklog,
  StoredEvent,
  StoredEvents,
  StoredTotals,
  SweepPolicy,
  Swept,
  WaitingPage,
  WaitingQuery,
} from './log/stored-events.ts'
export type { EndpointFilter, TransitionFilter } from './log/transition-filter.ts'
export type { TransitionLog } from './log/transition-log.ts'
export { isEndpointTransition } from './log/transition.ts'
export type {
  EndpointTransition,
  EndpointTransitionDraft,
  EventSubmitted,
  LoggedEvent,
  LogRecord,
  Transition,
  TransitionDraft,
} from './log/transition.ts'
export { replay } from './replay/replay.ts'
export type { ReplayedEndpoint, ReplayedEvent, ReplayedState } from './replay/replay.ts'

export type { Clock, Timer } from './clock/clock.ts'
export type { Ids } from './ids/ids.ts'
export type { Random } from './random/random.ts'
export type {
  AnswerReceiver,
  InFlightRequest,
  OutgoingRequest,
  Reach,
  Transport,
  TransportFailureReason,
  TransportResult,
} from './transport/transport.ts'

export { HooklineError } from './errors/hookline-error.ts'
export type { ErrorCode } from './errors/hookline-error.ts'
export {
  CapacityError,
  DivergenceError,
  EndpointDisabledError,
  EndpointNotFoundError,
  EventNotFoundError,
  EventNotSettledError,
  IdempotencyConflictError,
  InvalidOptionError,
  InvalidPayloadError,
  InvalidSecretError,
  InvalidUrlError,
  LogFormatError,
  MissingDependencyError,
  PayloadTooLargeError,
  ServiceClosedError,
  StorageError,
} from './errors/errors.ts'
export type { StorageFailure } from './errors/errors.ts'
export { version } from './version.ts'
