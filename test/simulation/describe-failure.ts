import type { SimulationReport } from '../../src/testing/index.ts'

const recordsShown = 12
const violationsShown = 5

/** A failed run: its seed, the first promises it broke, and the records around the first. */
export function describeFailure({ seed, violations, log }: SimulationReport, home = 'memory'): string {
  const [first] = violations
  if (first === undefined) return `seed ${seed} kept every promise`
  const { seq = Infinity, eventId } = first
  const concerned = log.filter((record) => eventId === undefined || record.eventId === eventId)
  const until = concerned.findIndex((record) => record.seq >= seq)
  const end = until === -1 ? concerned.length : until + 1
  const shown = violations.slice(0, violationsShown).map(({ rule, message }) => `  ${rule}: ${message}`)
  return [
    `seed ${seed} broke ${violations.length} promises`,
    ...shown,
    'records:',
    ...concerned.slice(Math.max(0, end - recordsShown), end).map((record) => `  ${JSON.stringify(record)}`),
    `again with: npm run simulate -- --from ${seed} --seeds 1${home === 'memory' ? '' : ` --home ${home}`}`,
  ].join('\n')
}
