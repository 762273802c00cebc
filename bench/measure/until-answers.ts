import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

const patienceMs = 10_000
const pauseMs = 50

/** Resolves when a server listens on 127.0.0.1. @throws Error after ten seconds */
export async function untilAnswers(port: number, name: string): Promise<void> {
  const end = performance.now() + patienceMs
  while (performance.now() < end) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return
    } catch {
      await wait(pauseMs)
    } finally {
      socket.destroy()
    }
  }
  throw new Error(`${name} did not start to listen on port ${port} within ${patienceMs} ms`)
}
