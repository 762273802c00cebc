import { expect, it } from 'vitest'
import { OwnAddresses } from '../../../src/transport/egress/own-addresses.ts'

function machine() {
  const state = { time: 0, reads: 0, addresses: ['198.41.0.4'], broken: false }
  const own = new OwnAddresses({ monotonic: () => state.time }, () => {
    state.reads++
    if (state.broken) throw new Error('too many open files')
    return state.addresses
  })
  return { state, own }
}

it('an address the machine gets while it runs is its own ten seconds later at most', () => {
  const { state, own } = machine()
  state.addresses = ['198.41.0.5']
  state.time = 9_999
  expect([own.has('198.41.0.4'), own.has('198.41.0.5')]).toEqual([true, false])
  state.time = 10_000
  expect([own.has('198.41.0.4'), own.has('198.41.0.5')]).toEqual([false, true])
})

it('the interfaces are read once in ten seconds, however often they are asked about', () => {
  const { state, own } = machine()
  for (state.time = 0; state.time < 30_000; state.time += 100) own.has('198.41.0.4')
  expect(state.reads).toBe(3)
})

it('the addresses read before stay when the system refuses to tell them again', () => {
  const { state, own } = machine()
  state.broken = true
  state.time = 10_000
  expect(own.has('198.41.0.4')).toBe(true)
})
