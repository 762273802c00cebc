import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Relay } from '../../../src/inspect/stately/relay.ts'
import type { RelayedMessage } from '../../../src/inspect/stately/relay.ts'
import { streamTo } from '../../../src/inspect/stately/viewer-stream.ts'
import type { Viewer } from '../../../src/inspect/stately/viewer-stream.ts'

const messageBytes = 100_000

/** Reads only when told to. */
class SlowReader implements Viewer {
  readonly sent: RelayedMessage[] = []
  unreadBytes = 0
  mostUnread = 0
  #onRead: (() => void)[] = []

  send(message: RelayedMessage): boolean {
    this.sent.push(message)
    this.unreadBytes += messageBytes
    this.mostUnread = Math.max(this.mostUnread, this.unreadBytes)
    return true
  }

  onRead(callback: () => void): void {
    this.#onRead.push(callback)
  }

  onLeft(): void {
    // It stays.
  }

  read(): void {
    this.unreadBytes = 0
    for (const callback of this.#onRead.splice(0)) callback()
  }
}

const failed = () => expect.unreachable()
const message = (type: '@xstate.actor' | '@xstate.event' | '@xstate.snapshot', value: number) => ({
  type,
  sessionId: 's1',
  stops: false,
  text: JSON.stringify({ type, snapshot: { value } }),
})

test('a viewer is sent no more than it can be trusted to read, and ends with the state that counts', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 100 }), fc.integer({ min: 1, max: 30 }), (reads, kept) => {
      const relay = new Relay({ messages: kept, characters: 1_000_000 })
      const viewer = new SlowReader()
      relay.push(message('@xstate.actor', 0))
      streamTo(viewer, relay, 0, failed)
      reads.forEach((isRead, value) => {
        if (isRead) viewer.read()
        else relay.push(message('@xstate.snapshot', value))
      })
      for (let round = 0; round < 100; round += 1) viewer.read()
      // 256 KiB, and the message that passes it; one more announces the actor anew.
      expect(viewer.mostUnread).toBeLessThanOrEqual(4 * messageBytes)
      const last = reads.lastIndexOf(false)
      const told = JSON.parse(viewer.sent.at(-1)!.text) as { snapshot: { value: number } }
      expect(told.snapshot.value).toBe(Math.max(last, 0))
    }),
  )
})

test('a viewer that is gone is sent nothing more', () => {
  const relay = new Relay()
  let sends = 0
  const gone = () => {
    sends += 1
    return false
  }
  streamTo({ unreadBytes: 0, send: gone, onRead: failed, onLeft: () => undefined }, relay, 0, failed)
  for (let value = 0; value < 5; value += 1) relay.push(message('@xstate.snapshot', value))
  expect(sends).toBe(1)
})
