// One of everything that a log has to keep: each kind of step with each of its fields, and text that stores like to change.
import type { DeliveryEvent } from '../../../machines/delivery.ts'
import type { Failure } from '../../attempt/failure.ts'
import { breakerChart, endpointChart } from '../../health/charts.ts'
import type { EndpointTransitionDraft, TransitionDraft } from '../../log/transition.ts'
import { submission } from './sample-drafts.ts'
import { endpointStory, eventStory, storyTime } from './story.ts'

/** What an id or a key may be: any text without control characters and without half a surrogate pair. */
export const strangeNames = ['ключ', '鍵 🔑', 'e\u0301 é', "'; drop table records; --", '\\u0000 "%s" `${x}`', '_%']

/** What a body, a snippet or a message may hold beside that. */
export const strangeTexts = [
  '\u0000 in between \u0000',
  'half a pair: \ud83d',
  'the other half: \udd11',
  'line\nends\r\n\u2028\u2029',
  '\u0007\u001b[31m\u007f',
  '\ufeff\ufffe\uffff',
  '',
]

const failure: Failure = { reason: 'status', message: 'HTTP 503', status: 503, reach: 'unknown' }

export function everyEventDraft(): readonly TransitionDraft[] {
  return [...everyKindOfStep(), ...strangeNames.flatMap(strangelyNamed), ...strangeTexts.flatMap(strangelyWorded)]
}

export function everyEndpointDraft(): readonly EndpointTransitionDraft[] {
  return [...everyKindOfEndpointStep(), ...everyKindOfBreakerStep()]
}

/** Bodies as large as the service takes them by default, and as small as JSON can be. */
export function hugeDrafts(): readonly TransitionDraft[] {
  const mebibyte = 1_048_576
  return [
    submission('evt_ascii', 'ep_huge', { body: JSON.stringify('x'.repeat(mebibyte - 2)) }),
    submission('evt_wide', 'ep_huge', { sequence: 2, body: JSON.stringify('🔑'.repeat(mebibyte / 4)) }),
    submission('evt_escaped', 'ep_huge', { sequence: 3, body: JSON.stringify('\u0000'.repeat(mebibyte / 6)) }),
    submission('evt_small', 'ep_huge', { sequence: 4, body: '0' }),
  ]
}

function everyKindOfStep(): readonly TransitionDraft[] {
  const steps: readonly DeliveryEvent[] = [
    { type: 'attempt.started', attempt: 1, at: storyTime(1), rateLimitedMs: 12.5 },
    {
      type: 'attempt.failed',
      attempt: 1,
      at: storyTime(2),
      failure,
      durationMs: 7,
      snippet: 'no',
      retryAt: storyTime(3),
    },
    { type: 'redelivery.requested', at: storyTime(3), budget: 2 },
    { type: 'attempt.started', attempt: 2, at: storyTime(4) },
    {
      type: 'attempt.interrupted',
      attempt: 2,
      at: storyTime(5),
      failure: { ...failure, reason: 'aborted' },
      durationMs: 0,
    },
    { type: 'attempt.started', attempt: 3, at: storyTime(6) },
    {
      type: 'attempt.failed',
      attempt: 3,
      at: storyTime(7),
      failure,
      durationMs: 7,
      snippet: null,
      retryAt: storyTime(8),
    },
    { type: 'attempt.started', attempt: 4, at: storyTime(8) },
    {
      type: 'attempt.failed',
      attempt: 4,
      at: storyTime(9),
      failure: { reason: 'timeout', message: 'timeout: no answer within 30000 ms', reach: 'unknown' },
      durationMs: 30_000,
      snippet: null,
      retryAt: storyTime(10),
      holdsLine: true,
    },
    { type: 'line.released', at: storyTime(10) },
    { type: 'redelivery.requested', at: storyTime(11), budget: 1 },
    { type: 'attempt.started', attempt: 5, at: storyTime(12) },
    { type: 'attempt.rejected', attempt: 5, at: storyTime(13), failure, durationMs: 3, snippet: 'gone' },
    { type: 'redelivery.requested', at: storyTime(14), budget: 1 },
    { type: 'event.abandoned', at: storyTime(15), failure: { ...failure, reason: 'endpoint_removed' } },
    { type: 'redelivery.requested', at: storyTime(16), budget: 1 },
    { type: 'attempt.started', attempt: 6, at: storyTime(17) },
    { type: 'attempt.succeeded', attempt: 6, at: storyTime(18), status: 204, durationMs: 5, snippet: '' },
  ]
  const place = { form: 'envelope', sequence: 9_007_199_254_740_991, orderingKey: 'key', ordering: 'key' } as const
  return eventStory('evt_every', 'ep_every', { ...place, idempotencyKey: 'once', budget: 2 }, steps)
}

function strangelyNamed(name: string, index: number): readonly TransitionDraft[] {
  const own = { sequence: index + 1, orderingKey: name, ordering: 'key', idempotencyKey: name } as const
  return [
    submission(`evt_${name}`, `ep_${name}`, own),
    submission(`evt_none_${name}`, `ep_${name}`, { ordering: 'none' }),
  ]
}

function strangelyWorded(text: string, index: number): readonly TransitionDraft[] {
  const strange: Failure = { reason: 'connect', message: `connect: ${text}`, reach: 'notSent' }
  return eventStory(`evt_worded_${index}`, 'ep_worded', { sequence: index + 1, body: text }, [
    { type: 'attempt.started', attempt: 1, at: storyTime(1) },
    { type: 'attempt.rejected', attempt: 1, at: storyTime(2), failure: strange, durationMs: 0, snippet: text },
  ])
}

function everyKindOfEndpointStep(): readonly EndpointTransitionDraft[] {
  const failingSince = storyTime(1)
  return endpointStory('ep_every', endpointChart, [
    { type: 'failures.began', at: failingSince },
    { type: 'failures.lasted', at: storyTime(2), failingSince, disableAt: storyTime(3) },
    { type: 'failures.ended', at: storyTime(3) },
    { type: 'endpoint.paused', at: storyTime(4) },
    { type: 'endpoint.resumed', at: storyTime(5) },
    { type: 'endpoint.disabled', at: storyTime(6), reason: 'failing', failingSince },
    { type: 'endpoint.resumed', at: storyTime(7) },
    { type: 'endpoint.disabled', at: storyTime(8), reason: 'gone', failingSince: null },
    { type: 'endpoint.removed', at: storyTime(9) },
  ])
}

function everyKindOfBreakerStep(): readonly EndpointTransitionDraft[] {
  return endpointStory('ep_ключ', breakerChart, [
    { type: 'threshold.reached', at: storyTime(1), failures: 5, reopensAt: storyTime(2) },
    { type: 'cooldown.elapsed', at: storyTime(2) },
    { type: 'probe.failed', at: storyTime(3), failures: 6, reopensAt: storyTime(4) },
    { type: 'cooldown.elapsed', at: storyTime(4) },
    { type: 'probe.succeeded', at: storyTime(5) },
    { type: 'threshold.reached', at: storyTime(6), failures: 5, reopensAt: storyTime(7) },
    { type: 'breaker.reset', at: storyTime(7) },
  ])
}
