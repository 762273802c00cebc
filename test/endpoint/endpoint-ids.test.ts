import { describe, expect, it } from 'vitest'
import { startEngine } from '../support/start-engine.ts'

describe('the ids of endpoints', () => {
  it('are told in the order of registration, of all or of a tenant', () => {
    const { service, register } = startEngine()
    const [a, b, c] = [register({ tenantId: 'one' }), register(), register({ tenantId: 'one' })]
    expect(service.endpointIds()).toEqual([a, b, c])
    expect(service.endpointIds({ tenantId: 'one' })).toEqual([a, c])
    expect(service.endpointIds({ tenantId: 'two' })).toEqual([])
  })

  it('are told of those that a published event would reach', async () => {
    const { service, register, quiet } = startEngine()
    const payments = register({ tenantId: 'one', eventTypes: ['payment.*'] })
    const all = register()
    register({ tenantId: 'one', eventTypes: ['refund.*'] })
    expect(service.endpointIds({ subscribedTo: 'payment.captured' })).toEqual([payments, all])
    expect(service.endpointIds({ subscribedTo: 'payment.captured', tenantId: 'one' })).toEqual([payments])
    expect(service.publishEvent('payment.captured', 1)).toHaveLength(2)
    await quiet()
  })

  it('leave out what is disabled where they say who would be reached', async () => {
    const { service, register, quiet, transport } = startEngine()
    const gone = register({ tenantId: 'one' })
    transport.respond(() => 410)
    service.submitEvent(gone, 'a', 1)
    await quiet()
    expect(service.endpointIds({ tenantId: 'one' })).toEqual([gone])
    expect(service.endpointIds({ subscribedTo: 'a' })).toEqual([])
    expect(service.endpointIds({ subscribedTo: 'a', tenantId: 'one' })).toEqual([])
  })

  it('follow a change of tenant, of subscriptions, and a removal', () => {
    const { service, register } = startEngine()
    const endpointId = register({ tenantId: 'one' })
    service.updateEndpoint(endpointId, { tenantId: 'two' })
    expect(service.endpointIds({ tenantId: 'one' })).toEqual([])
    expect(service.endpointIds({ tenantId: 'two', subscribedTo: 'a' })).toEqual([endpointId])
    service.updateEndpoint(endpointId, { eventTypes: ['b'] })
    expect(service.endpointIds({ tenantId: 'two', subscribedTo: 'a' })).toEqual([])
    expect(service.endpointIds({ tenantId: 'two', subscribedTo: 'b' })).toEqual([endpointId])
    service.updateEndpoint(endpointId, { tenantId: null })
    expect(service.endpointIds({ tenantId: 'two' })).toEqual([])
    service.updateEndpoint(endpointId, { tenantId: 'one' })
    service.removeEndpoint(endpointId)
    expect(service.endpointIds({ tenantId: 'one' })).toEqual([])
  })

  it('refuse a filter that is none', () => {
    const { service } = startEngine()
    expect(() => service.endpointIds({ subscribedTo: 'a b' })).toThrow('subscribedTo must be')
    expect(() => service.endpointIds({ tenantId: '' })).toThrow('tenantId must be')
  })
})
