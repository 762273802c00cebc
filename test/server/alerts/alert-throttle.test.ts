import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Alert } from '../../../src/server/alerts/alert.ts'
import { AlertThrottle } from '../../../src/server/alerts/alert-throttle.ts'

function alert(endpointId: string | null, message = 'it failed', kind: Alert['kind'] = 'deadLetter'): Alert {
  return { kind, at: '2025-01-01T00:00:00.000Z', message, endpointId, more: 0, details: {} }
}

test('lets the first of a kind about an endpoint go, and sums up those that follow', () => {
  const throttle = new AlertThrottle(1000)
  expect(throttle.admit(alert('ep_a'), 0)).toBe(true)
  expect(throttle.admit(alert('ep_b'), 0)).toBe(true)
  expect(throttle.admit(alert('ep_a', '', 'breakerOpened'), 0)).toBe(true)
  for (let i = 1; i <= 38; i += 1) expect(throttle.admit(alert('ep_a', `number ${i}`), i)).toBe(false)
  expect(throttle.takeDue(999)).toEqual([])
  expect(throttle.takeDue(1000)).toEqual([{ ...alert('ep_a', 'number 38'), more: 37 }])
  // The sum begins a while of its own; the others are over.
  expect(throttle.admit(alert('ep_a'), 1001)).toBe(false)
  expect(throttle.admit(alert('ep_b'), 1001)).toBe(true)
  expect(throttle.takeAll()).toMatchObject([{ endpointId: 'ep_a', more: 0 }])
  expect(throttle.nextEndMs).toBeNull()
})

test('whatever is raised, few go out at once, and each is sent, or counted by one that is', () => {
  const raised = fc.array(fc.record({ endpoint: fc.nat(100), at: fc.nat(20) }), { maxLength: 300 })
  fc.assert(
    fc.property(raised, (raises) => {
      const throttle = new AlertThrottle(10)
      let [sent, accounted, atOnce] = [0, 0, 0]
      const take = (alerts: readonly Alert[]): void => {
        for (const { more } of alerts) [sent, accounted] = [sent + 1, accounted + 1 + more]
      }
      for (const { endpoint, at } of raises.sort((a, b) => a.at - b.at)) {
        take(throttle.takeDue(at))
        const before = sent
        if (throttle.admit(alert(`ep_${endpoint}`), at)) take([alert(null)])
        if (at < 10) atOnce += sent - before
      }
      take(throttle.takeAll())
      expect(accounted).toBe(raises.length)
      // Thirty told apart, and one that stands for all others.
      expect(atOnce).toBeLessThanOrEqual(31)
    }),
  )
})

test('tells thirty kinds and endpoints apart at once; all others of a kind are one, until there is room again', () => {
  const throttle = new AlertThrottle(1000)
  const admitted = (from: number, count: number, at: number): boolean[] =>
    Array.from({ length: count }, (_, index) => throttle.admit(alert(`ep_${from + index}`), at))
  expect(admitted(0, 30, 0)).not.toContain(false)
  expect(admitted(30, 1000, 0)).toEqual([true, ...Array<boolean>(999).fill(false)])
  expect(throttle.takeDue(1000)).toMatchObject([{ more: 998 }])
  expect(admitted(0, 29, 1000)).not.toContain(false)
})
