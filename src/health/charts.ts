import type { SnapshotFrom } from 'xstate'
import { breakerMachine } from '../../machines/breaker.ts'
import type { BreakerContext, BreakerEvent, BreakerState } from '../../machines/breaker.ts'
import { endpointMachine } from '../../machines/endpoint.ts'
import type { EndpointContext, EndpointEvent, EndpointStatus } from '../../machines/endpoint.ts'
import { restingChart } from '../statechart/resting-chart.ts'
import type { Resting, RestingChart } from '../statechart/resting-chart.ts'

export type RestingEndpoint = Resting<EndpointStatus, EndpointContext>
export type RestingBreaker = Resting<BreakerState, BreakerContext>

/** `machines/endpoint.ts`, stepped without an actor. */
export const endpointChart: RestingChart<EndpointStatus, EndpointContext, EndpointEvent> = restingChart<
  EndpointStatus,
  EndpointContext,
  EndpointEvent,
  SnapshotFrom<typeof endpointMachine>
>(endpointMachine)

/** `machines/breaker.ts`, stepped without an actor. */
export const breakerChart: RestingChart<BreakerState, BreakerContext, BreakerEvent> = restingChart<
  BreakerState,
  BreakerContext,
  BreakerEvent,
  SnapshotFrom<typeof breakerMachine>
>(breakerMachine)
