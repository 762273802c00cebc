import { collectDefaultMetrics, Registry } from 'prom-client'

let figures: Registry | null = null

/**
 * Memory, processor, open files, garbage collection and the delay of the event loop. There is one process, however many
 * servers: what measures it is started once and shared.
 */
export function processFigures(): Registry {
  if (figures === null) {
    figures = new Registry()
    collectDefaultMetrics({ register: figures })
  }
  return figures
}
