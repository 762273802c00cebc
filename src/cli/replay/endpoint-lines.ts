import type { RecordedEndpoint, RecordedEvent, RecordedLine } from '../../recorded/recorded-event.ts'
import { statusesText } from './summary-lines.ts'

/** An endpoint's state and its lines, for a terminal. */
export function endpointLines(endpoint: RecordedEndpoint, lines: readonly RecordedLine[], more: boolean): string[] {
  const { endpointId, state, breaker, reopensAt, disableReason, failingSince, events } = endpoint
  const health = [
    disableReason === null ? state : `${state} (${disableReason})`,
    ...(failingSince === null ? [] : [`failing since ${failingSince}`]),
    ...(breaker === 'closed' ? [] : [`breaker ${breaker}${reopensAt === null ? '' : ` until ${reopensAt}`}`]),
  ]
  return [
    `${endpointId}: ${health.join(', ')}; events${statusesText(events) || ': none'}`,
    ...lines.map(lineText),
    ...(lines.length === 0 ? ['nobody waits in line'] : []),
    ...(more ? ['… and more lines'] : []),
  ]
}

function lineText({ laneKey, length, waiting, haltedBy }: RecordedLine): string {
  const name = laneKey === '' ? 'line' : `line ${laneKey}`
  const halted = haltedBy === null ? '' : `, held by dead letter ${haltedBy.eventId}`
  const first = waiting.map(eventText).join(', ')
  const rest = length > waiting.length ? `, … ${length - waiting.length} more` : ''
  return `${name}: ${length} waiting${halted}${first === '' ? '' : `: ${first}${rest}`}`
}

function eventText({ eventId, status, attempts }: RecordedEvent): string {
  const progress = attempts === 0 ? status : `${status}, attempts: ${attempts}`
  return `${eventId} (${progress})`
}
