import type { Finding, History, LoggedRecord, RequestHistory } from '../history.ts'
import type { SimulatedEndpoint } from '../simulated-endpoint.ts'
import { meaningOf } from './outcomes.ts'
import type { Rule } from './rule.ts'

const gone = 410

/** An endpoint is disabled when it is gone, or has only failed for as long as `autoDisable` says; then it takes nothing new. */
export const disabling: Rule = {
  name: 'an endpoint is disabled when it is gone or only fails',
  *check({ history }) {
    const endpoints = new Set(history.requests.map(({ endpoint }) => endpoint))
    for (const endpoint of endpoints) {
      const steps = history.records.filter(({ record }) => isStepOf(endpoint, record))
      yield* checkTaken(endpoint, steps, history)
      yield* checkSteps(endpoint, steps, history)
      for (const request of history.requests) {
        if (request.endpoint === endpoint) yield* checkResult(request, steps, history)
      }
    }
  },
}

function isStepOf({ id }: SimulatedEndpoint, { endpointId, eventId, machine }: LoggedRecord['record']): boolean {
  return endpointId === id && eventId === '' && machine.startsWith('endpoint@')
}

/** The last step before `tick`. */
function stepBefore(steps: readonly LoggedRecord[], tick: number): LoggedRecord | undefined {
  return steps.filter((step) => step.tick < tick).at(-1)
}

function* checkTaken(
  { id }: SimulatedEndpoint,
  steps: readonly LoggedRecord[],
  { events }: History,
): Iterable<Finding> {
  for (const { endpoint, eventId, records } of events.values()) {
    const [submission] = records
    if (endpoint.id !== id || submission === undefined) continue
    if (stepBefore(steps, submission.tick)?.record.to !== 'disabled') continue
    yield { message: `${eventId} was taken for ${id}, which was disabled`, seq: submission.record.seq, eventId }
  }
}

/** No step comes too early. */
function* checkSteps(
  { id }: SimulatedEndpoint,
  steps: readonly LoggedRecord[],
  { requests, faults }: History,
): Iterable<Finding> {
  for (const step of steps) {
    const { event, seq } = step.record
    const results = requests.filter(
      ({ endpoint, resultTick }) => endpoint.id === id && (resultTick ?? Infinity) < step.tick,
    )
    if (event.type === 'endpoint.disabled' && event.reason === 'gone' && !results.some(isGone)) {
      yield { message: `${id} was disabled as gone, and never said so`, seq }
    }
    // A step that the log took late says nothing of how long things lasted; nor does a clock that jumped, across a restart.
    const before = stepBefore(steps, step.tick)
    const autoDisable = results.at(-1)?.settings?.autoDisable ?? null
    if (before === undefined || autoDisable === null || faults.appendFailures > 0) continue
    if (before.life !== step.life && faults.clockJumps > 0) continue
    const lastedMs = step.elapsedMs - before.elapsedMs
    const isLate = event.type === 'endpoint.disabled' && event.reason === 'failing'
    if (event.type === 'failures.lasted' && lastedMs < autoDisable.afterMs - autoDisable.warningMs) {
      yield { message: `${id} was warned of after ${lastedMs} ms of failures`, seq }
    }
    if (isLate && lastedMs < autoDisable.warningMs) {
      yield { message: `${id} was disabled ${lastedMs} ms after the warning`, seq }
    }
  }
}

/** What a result calls for is logged before the endpoint's next attempt starts. */
function* checkResult(request: RequestHistory, steps: readonly LoggedRecord[], history: History): Iterable<Finding> {
  const { endpoint, eventId, attempt, life, resultTick } = request
  if (resultTick === null) return
  const next = history.records.find(
    ({ tick, record }) =>
      tick > resultTick && record.event.type === 'attempt.started' && record.endpointId === endpoint.id,
  )
  if (next?.life !== life || steps.some(({ tick }) => tick > resultTick && tick < next.tick)) return
  // One that was removed and is registered again begins anew.
  const before = stepBefore(steps, resultTick)
  if (before?.record.to === 'removed') return
  const needed = neededStep(request, before, history)
  if (needed === null) return
  const message = `attempt ${attempt} of ${eventId} called for ${needed} of ${endpoint.id}, and ${next.record.eventId} went out without it`
  yield { message, seq: next.record.seq, eventId }
}

function neededStep(request: RequestHistory, before: LoggedRecord | undefined, { faults }: History): string | null {
  const state = before?.record.to ?? 'active'
  const meaning = meaningOf(request)
  if (state === 'disabled' || meaning === null || meaning === 'attempt.interrupted') return null
  if (isGone(request)) return 'endpoint.disabled'
  const autoDisable = request.settings?.autoDisable ?? null
  if (state === 'paused' || autoDisable === null) return null
  const isFailing = state === 'failing' || state === 'warned'
  if (meaning === 'attempt.succeeded') return isFailing ? 'failures.ended' : null
  if (before === undefined || !isFailing) return 'failures.began'
  // Another process counts by the wall clock.
  if (before.life !== request.life && faults.clockJumps > 0) return null
  const lastedMs = request.resultMs - before.elapsedMs
  if (state === 'warned') return lastedMs >= autoDisable.warningMs ? 'endpoint.disabled' : null
  return lastedMs >= autoDisable.afterMs - autoDisable.warningMs ? 'failures.lasted' : null
}

function isGone(request: RequestHistory): boolean {
  return request.status === gone && request.result?.kind === 'answered' && meaningOf(request) === 'attempt.rejected'
}
