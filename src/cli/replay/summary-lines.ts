import { durationText } from '../../recorded/duration-text.ts'
import type { LogSummary, LagSummary, OrderSummary } from '../../recorded/log-summary.ts'
import { alignedRows } from '../aligned-rows.ts'
import { numberText } from '../number-text.ts'

/** A log's summary as lines for a terminal. */
export function summaryLines(summary: LogSummary): string[] {
  const { records, firstSeq, lastSeq, from, to, endpoints, events, statuses, attempts, retries } = summary
  const rows = [
    ['records', records === 0 ? '0' : `${numberText(records)}, seq ${firstSeq} to ${lastSeq}`],
    ...(from === null || to === null ? [] : [['time', `${from} to ${to}, ${durationText(spanMs(from, to))}`]]),
    ['endpoints', numberText(endpoints)],
    ['events', `${numberText(events)}${statusesText(statuses)}`],
    ['attempts', `${numberText(attempts)}, ${numberText(retries)} of them retries`],
    ['redeliveries', numberText(summary.redeliveries)],
    ['dead letters', numberText(summary.deadLetters)],
    ['lag', lagText(summary.lag)],
    ['order', orderText(summary.order)],
  ]
  return alignedRows(rows)
}

/** `: 3 pending, 12 delivered`, without those that are none. */
export function statusesText(statuses: Readonly<Record<string, number>>): string {
  const told = Object.entries(statuses).filter(([, count]) => count > 0)
  return told.length === 0 ? '' : `: ${told.map(([status, count]) => `${numberText(count)} ${status}`).join(', ')}`
}

function lagText(lag: LagSummary | null): string {
  if (lag === null) return 'nothing was delivered'
  const { p50Ms, p99Ms, worstMs, worstEventId } = lag
  const worst = `${durationText(worstMs)} (${worstEventId})`
  return `from submission to first success: p50 ${durationText(p50Ms)}, p99 ${durationText(p99Ms)}, worst ${worst}`
}

function orderText({ successes, afterRedelivery, outOfOrder }: OrderSummary): string {
  if (successes === 0) return 'nothing was delivered'
  const exceptions = [
    ...(afterRedelivery > 0 ? [`${numberText(afterRedelivery)} later, after a redelivery`] : []),
    ...(outOfOrder > 0 ? [`${numberText(outOfOrder)} OUT OF ORDER`] : []),
  ]
  if (exceptions.length === 0) return 'all first successes in the order submitted, line by line'
  return `of ${numberText(successes)} first successes ${exceptions.join(', ')}; the others in the order submitted, line by line`
}

function spanMs(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from))
}
