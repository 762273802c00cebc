import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'

/** A port on 127.0.0.1 that is listened on, and where no connection comes about. */
export interface DeafListener {
  readonly port: number
  close(): Promise<void>
}

const listener = `
  const { createServer } = require('node:net')
  const { parentPort, workerData } = require('node:worker_threads')
  const server = createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    // It never comes to accepting anything.
    Atomics.wait(new Int32Array(workerData), 0, 0)
    process.exit()
  })
`

/** As many connections as its backlog takes wait to be accepted; the system ignores whoever comes after them. */
export async function startDeafListener(): Promise<DeafListener> {
  const awake = new SharedArrayBuffer(4)
  const worker = new Worker(listener, { eval: true, workerData: awake })
  const [port] = (await once(worker, 'message')) as [number]
  const waiting: Socket[] = []
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    waiting.push(socket)
    const patience = AbortSignal.timeout(150)
    const connected = await once(socket, 'connect', { signal: patience }).then(
      () => true,
      () => false,
    )
    if (!connected) break
  }
  return {
    port,
    async close() {
      for (const socket of waiting) socket.destroy()
      Atomics.store(new Int32Array(awake), 0, 1)
      Atomics.notify(new Int32Array(awake), 0)
      await once(worker, 'exit')
    },
  }
}
