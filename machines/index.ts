export { deliveryMachine, deliveryIgnores, initialDeliveryContext } from './delivery.ts'
export type {
  DeliveryContext,
  DeliveryEffects,
  DeliveryEvent,
  DeliveryInput,
  DeliveryStatus,
  SettledStatus,
} from './delivery.ts'
export { sequencerMachine, sequencerIgnores } from './sequencer.ts'
export type {
  DeliveryLogic,
  Head,
  RestingDelivery,
  SequencerContext,
  SequencerEffects,
  SequencerEvent,
} from './sequencer.ts'
export { breakerMachine, breakerIgnores } from './breaker.ts'
export type { BreakerContext, BreakerEvent, BreakerState } from './breaker.ts'
export { endpointMachine, endpointIgnores } from './endpoint.ts'
export type { DisableReason, EndpointContext, EndpointEvent, EndpointStatus } from './endpoint.ts'
