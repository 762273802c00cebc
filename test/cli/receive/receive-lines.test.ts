import { expect, test } from 'vitest'
import { eventLine } from '../../../src/cli/receive/receive-lines.ts'
import type { ReceivedEvent } from '../../../src/cli/receive/received-event.ts'
import { createTestTerminal } from '../test-terminal.ts'

const event: ReceivedEvent = {
  at: '2025-01-01T00:00:00.000Z',
  path: '/hooks',
  eventId: 'evt_1',
  eventType: 'order.paid',
  sequence: 1,
  attempt: 2,
  signature: 'verified',
  answer: 200,
  duplicate: false,
  gap: 0,
  bytes: 2,
  body: '{}',
}

test.each(['path', 'eventId', 'eventType', 'body'] as const)('shows nothing that a terminal obeys: %s', (field) => {
  const line = eventLine({ ...event, [field]: 'a\u001b[2J\r\nb\u0007' }, createTestTerminal().colors)
  // eslint-disable-next-line no-control-regex -- these are what a terminal obeys
  expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
  expect(line).toContain('[2J')
})
