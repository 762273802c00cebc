import { collectDefaultMetrics, Registry } from 'prom-client'

let figures: Registry | null = null

/**
 * Memory, processor, open files, garbage collection and the delay of the event loop. There is one process, however many
 * servers: what measures it is started once and shared.
 */
export async function processFigures(): Promise<string> {
  if (figures === null) {
    figures = new Registry()
    collectDefaultMetrics({ register: figures })
  }
  const text = await figures.metrics()
  // How prom-client writes a mean of nothing; the format knows `NaN` alone.
  return text.replaceAll(' Nan\n', ' NaN\n')
}
