import type { ChildProcesses } from '../measure/child-processes.ts'
import { findProgram } from '../measure/find-program.ts'
import { freePort } from '../measure/free-port.ts'
import { untilAnswers } from '../measure/until-answers.ts'

/**
 * An empty Redis, on the receiver's core. Its port; null where there is no redis-server.
 *
 * @param keeps whether it writes an append-only file, flushed once a second as is its default; else it keeps nothing on disk
 */
export async function startRedis(processes: ChildProcesses, keeps = false): Promise<number | null> {
  const program = findProgram('redis-server')
  if (program === null) return null
  const port = await freePort()
  const settings = {
    port,
    bind: '127.0.0.1',
    loglevel: 'warning',
    save: '',
    appendonly: keeps ? 'yes' : 'no',
    dir: processes.folder(),
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  processes.start([program, ...flags], { core: 'receiver' })
  await untilAnswers(port, 'redis-server')
  return port
}
