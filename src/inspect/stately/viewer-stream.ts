import type { Relay, RelayedMessage } from './relay.ts'

/** A connection to someone who watches. */
export interface Viewer {
  /** How much of what was sent it has not taken yet. */
  readonly unreadBytes: number
  /** False when it is gone. */
  send(message: RelayedMessage): boolean
  /** Calls back once it has taken all that was sent. */
  onRead(callback: () => void): void
  onLeft(callback: () => void): void
}

/** With this much unread a viewer is given time to read. */
const patientBytes = 256 * 1024

/**
 * Sends a viewer everything, from the message after `after` on, as fast as it reads and no faster. One that falls so far
 * behind that messages are gone by then is told the state of every actor anew.
 *
 * @param failed hears that there was an error, which ends this viewer's stream
 */
export function streamTo(viewer: Viewer, relay: Relay, after: number, failed: () => void): void {
  let sent = after
  let awaitingReader = false
  const send = (): void => {
    if (awaitingReader) return
    for (const message of relay.since(sent)) {
      // The announcements of actors all have one number, and count as one message.
      if (message.number !== sent && viewer.unreadBytes > patientBytes) {
        awaitingReader = true
        viewer.onRead(goOn)
        return
      }
      if (!viewer.send(message)) return stop()
      sent = message.number
    }
  }
  const goOn = (): void => {
    awaitingReader = false
    sendSafely()
  }
  const sendSafely = (): void => {
    try {
      send()
    } catch {
      failed()
      stop()
    }
  }
  const stop = relay.onMessage(sendSafely)
  viewer.onLeft(stop)
  sendSafely()
}
