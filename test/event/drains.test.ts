import { expect, it } from 'vitest'
import { startEngine } from '../support/start-engine.ts'

it.each(['settled', 'deadLettered', 'attemptFailed'] as const)(
  'ends a drain after the listeners have heard of the last event: %s',
  async (type) => {
    const { service, transport, register, quiet } = startEngine({ retry: { maxAttempts: 1 } })
    const heard: string[] = []
    transport.respond(() => 500)
    service.on(type, () => heard.push(type))
    service.submitEvent(register(), 'payment.succeeded', {})
    const drained = service.drain().then(() => heard.push('drained'))
    await quiet()
    await drained
    expect(heard).toEqual([type, 'drained'])
  },
)
