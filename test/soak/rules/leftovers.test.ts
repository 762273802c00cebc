import { expect, test } from 'vitest'
import { checkLeftovers, type Leftovers } from './leftovers.ts'

const clean: Leftovers = {
  before: { handles: { PipeWrap: 1 }, listeners: { exit: 1 } },
  after: { handles: { PipeWrap: 1 }, listeners: { exit: 1 } },
  transport: { sockets: 0, endpoints: 0, released: 0, idle: 0, bodies: 0 },
  timers: 0,
  liveLanes: 0,
  inFlight: 0,
  undelivered: 0,
  held: [],
  mishaps: { unhandledRejections: [], uncaughtExceptions: [], warnings: [] },
}

test('accepts a process that is as it was before', () => {
  expect(checkLeftovers(clean)).toEqual([])
})

test.each<[string, Partial<Leftovers>, string]>([
  ['an open socket', { transport: { ...clean.transport, sockets: 2 } }, 'transport sockets: 2 are left'],
  ['an endpoint’s pool', { transport: { ...clean.transport, endpoints: 1 } }, 'transport endpoints: 1 are left'],
  ['a running timer', { timers: 1 }, 'timers: 1 are left'],
  ['a live actor', { liveLanes: 1 }, 'live lanes: 1 are left'],
  ['an event', { undelivered: 1 }, 'undelivered events: 1 are left'],
  ['a request', { inFlight: 1 }, 'requests in flight: 1 are left'],
  [
    'a handle',
    { after: { ...clean.after, handles: { PipeWrap: 1, Timeout: 1 } } },
    'handle Timeout: 0 before, 1 after',
  ],
  [
    'a listener of the process',
    { after: { ...clean.after, listeners: { exit: 2 } } },
    'process listener exit: 1 before, 2 after',
  ],
  ['a service that is still held', { held: ['service'] }, 'the service is still held by something'],
  [
    'an unhandled rejection',
    { mishaps: { ...clean.mishaps, unhandledRejections: [new Error('no')] } },
    'unhandled rejections: 1 are left',
  ],
  [
    'a warning of too many listeners',
    { mishaps: { ...clean.mishaps, warnings: ['MaxListenersExceededWarning: 11 close listeners'] } },
    'process warnings: 1 are left',
  ],
])('finds %s', (_name, more, text) => {
  expect(checkLeftovers({ ...clean, ...more })).toContain(text)
})
