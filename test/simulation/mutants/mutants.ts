import type { Patch } from '../../support/test-build.ts'

/** One promise switched off in the sources. */
export interface Mutant {
  readonly name: string
  /** Where the log is, as `npm run simulate -- --home` has it: some promises are those of durable logs alone. */
  readonly home: 'memory' | 'model' | 'sqlite'
  readonly patches: readonly Patch[]
}

function mutant(name: string, ...patches: [file: string, find: string, put: string][]): Mutant {
  return { name, home: 'memory', patches: patches.map(([file, find, put]) => ({ file, find, put })) }
}

function durableMutant(name: string, ...patches: [file: string, find: string, put: string][]): Mutant {
  return { ...mutant(name, ...patches), home: 'sqlite' }
}

const readsAttempt = "'attempt' in event && event.attempt === context.attempts"

export const mutants: readonly Mutant[] = [
  durableMutant('durable: a request leaves before its start is', [
    'src/attempt/attempt-runner.ts',
    '    if (afterCommit === null) {',
    '    if (afterCommit !== undefined) {',
  ]),
  durableMutant('durable: what is to follow the commit comes before it', [
    'src/sqlite/commit-cycle.ts',
    '    this.#acts.push(act)',
    '    queueMicrotask(() => act(null))',
  ]),
  durableMutant('durable: flush does not wait', [
    'src/sqlite/commit-cycle.ts',
    '      this.#waiters.push({ resolve, reject })',
    '      resolve()\n      void reject',
  ]),
  durableMutant('durable: a group that could not be written is dropped', [
    'src/sqlite/sqlite-home.ts',
    '    } catch (error) {\n      throw toStorageError(error, this.#log.path)\n    }\n    if (',
    '    } catch (error) {\n      this.#appending.startGroup([])\n      throw toStorageError(error, this.#log.path)\n    }\n    if (',
  ]),
  durableMutant('durable: a window passes over what is to come in', [
    'src/lane/line-window.ts',
    'laneKey: key, afterSeq: this.#takenSeq, limit',
    'laneKey: key, afterSeq: this.#takenSeq + 3, limit',
  ]),
  mutant('order: every event has a line of its own', [
    'src/lane/lane-key.ts',
    "      return ''",
    '      return eventId',
  ]),
  mutant('order: who comes last is served first', [
    'src/lane/lane.ts',
    '    this.waiting.push(record)\n    if (this.waiting.size === 1',
    '    this.waiting.unshift(record)\n    if (this.waiting.size === 1',
  ]),
  mutant('append, then act: what the log refused is done all the same', [
    'src/log/journal.ts',
    `      record.rest(restOf(before))
      throw error`,
    '      void error',
  ]),
  mutant(
    'append, then act: the request leaves first',
    [
      'src/lane/lane.ts',
      '        this.#attempts.start(record, intent.params.attempt)\n        return',
      '        return',
    ],
    [
      'src/lane/lane.ts',
      "    const event = { type: 'attempt.started', attempt: attempts + 1, at } as const",
      "    const event = { type: 'attempt.started', attempt: attempts + 1, at } as const\n    this.#attempts.start(record, attempts + 1)",
    ],
  ),
  mutant(
    'stale answers: whatever comes counts for the attempt under way',
    ['src/attempt/attempt.ts', '    if (this.#over) return', ''],
    [
      'src/attempt/attempt-runner.ts',
      '    if (attempt !== this.#attempt || record === null) return',
      '    if (record === null) return',
    ],
    ['machines/delivery.ts', `    isCurrent: ({ context, event }) => ${readsAttempt},`, '    isCurrent: () => true,'],
    ['machines/delivery.ts', `${readsAttempt} && context.left > 0`, 'context.left > 0'],
  ),
  mutant('outcomes: whatever is answered is a success', [
    'src/attempt/outcome.ts',
    "if (status >= 200 && status <= 299) return { kind: 'succeeded'",
    "if (status >= 200) return { kind: 'succeeded'",
  ]),
  mutant('lines: the next is not told that its turn has come', [
    'src/lane/lane.ts',
    `    if (halts) this.#host.observer.halted(record)
    if (this.waiting.size === 0) this.#lanes.laneIdle(this)
    else if (this.ready) this.#lanes.laneReady(this)`,
    `    if (halts) this.#host.observer.halted(record)
    if (this.waiting.size === 0) this.#lanes.laneIdle(this)`,
  ]),
  mutant('retries: without end', ['machines/delivery.ts', `${readsAttempt} && context.left > 0`, readsAttempt]),
  mutant('retries: each wait is that of the attempt after', [
    'src/retry/retry-delay.ts',
    'multiplier ** (attempt - 1), maxDelayMs',
    'multiplier ** attempt, maxDelayMs',
  ]),
  mutant('retries: what was cut off counts', [
    'machines/delivery.ts',
    'left: context.left + 1 }',
    'left: context.left }',
  ]),
  mutant('retries: at once', [
    'src/retry/retry-delay.ts',
    '  if (jitter === 0) return',
    '  if (jitter >= 0) return 0 *',
  ]),
  mutant('retries: without regard to Retry-After', [
    'src/retry/retry-after.ts',
    'askedMs === null ? delayMs',
    'askedMs !== undefined ? delayMs',
  ]),
  mutant('retries: a refusal is tried again, and a failure is not', [
    'src/attempt/outcome.ts',
    'if (status >= 400 && status <= 499 &&',
    'if (status >= 500 && status <= 599 &&',
  ]),
  mutant('retention: what is back in line may be forgotten', [
    'src/event/redelivery.ts',
    'retention.release(record)',
    'retention.holdsLine(record)',
  ]),
  mutant('retention: nothing is forgotten', [
    'src/event/retention-keeper.ts',
    '    while (list.size > limit && this.#evictFirst(list));',
    '    void limit',
  ]),
  mutant('retention: all is forgotten at once', [
    'src/event/retention-keeper.ts',
    '    while (list.size > limit && this.#evictFirst(list));',
    '    while (list.size > Math.min(limit, 1) && this.#evictFirst(list));',
  ]),
  mutant('retention: nothing grows too old', [
    'src/event/retention-keeper.ts',
    'if (next === Infinity) return',
    'if (next <= Infinity) return',
  ]),
  mutant('retention: after a restart whoever was submitted first goes first', [
    'src/recovery/recovery.ts',
    '.sort((one, other) => one.lastSeq - other.lastSeq)',
    '',
  ]),
  mutant('retention: the records of endpoints are all kept', [
    'src/health/endpoint-records.ts',
    '    this.#evict(key, this.#limit)\n',
    '    void this.#limit\n',
  ]),
  mutant('limits: live lines are never put to rest', [
    'src/lane/live-lanes.ts',
    'if (this.#lanes.size > this.#limit) this.#restSurplus()',
    'if (this.#lanes.size > Infinity) this.#restSurplus()',
  ]),
  mutant('publishing: one subscriber is passed over', [
    'src/endpoint/subscriptions.ts',
    'map((entry) => entry.item)',
    'map((entry) => entry.item).slice(0, 2)',
  ]),
  mutant('endpoints: one that moved is called where it was', [
    'src/endpoint/endpoint-management.ts',
    '      endpoint.url = changed.url\n',
    '',
  ]),
  mutant('limits: whatever comes is taken', [
    'src/admission/capacity.ts',
    'if (open + events > pendingEvents) {',
    'if (open + events > Infinity) {',
  ]),
  mutant('idempotency: keys are not looked up', [
    'src/admission/admission.ts',
    'if (idempotencyKey === null) return undefined',
    'if (idempotencyKey !== undefined) return undefined',
  ]),
  mutant('health: an open breaker lets attempts through', [
    'src/health/breaker.ts',
    "return this.state === 'closed' ||",
    "return this.state !== 'halfOpen' ||",
  ]),
  mutant('rate limits: of the endpoint, none', [
    'src/lane/endpoint-rate-limit.ts',
    'return this.#bucket.waitMs',
    'return 0 * this.#bucket.waitMs',
  ]),
  mutant('health: a breaker does not wait for its cooldown', [
    'src/health/breaker.ts',
    'this.#scheduler.schedule(this, this.#settings.cooldownMs)',
    'this.#scheduler.schedule(this, 0)',
  ]),
  mutant('health: a breaker opens one failure late', [
    'src/health/breaker.ts',
    'failures < threshold',
    'failures <= threshold',
  ]),
  mutant('health: a success does not end the failures in a row', [
    'src/health/breaker.ts',
    '  succeeded(): void {\n    this.#failures = 0\n',
    '  succeeded(): void {\n',
  ]),
  mutant('health: a breaker never closes', [
    'src/health/breaker.ts',
    "if (this.state === 'halfOpen') this.#owner.happened",
    "if (this.state === 'open') this.#owner.happened",
  ]),
  mutant('health: an endpoint that is gone goes on', [
    'src/health/endpoint-health.ts',
    "if (outcome.gone) this.#disable('gone')\n        else if",
    'if',
  ]),
  mutant('health: an endpoint is disabled when it is warned of', [
    'src/health/endpoint-health.ts',
    'this.#disableAtMs = nowMs + warningMs',
    'this.#disableAtMs = nowMs',
  ]),
  mutant('health: a disabled endpoint takes events', [
    'src/endpoint/endpoint-registry.ts',
    "if (lanes.health.state !== 'disabled') return lanes",
    'if (lanes.endpoint.id !== undefined) return lanes',
  ]),
  mutant('health: a paused endpoint is called', [
    'src/health/endpoint-health.ts',
    "if (this.state !== 'active' ||",
    "if (this.state === 'disabled' ||",
  ]),
  mutant('deadlines: half of what is set', [
    'src/attempt/attempt-runner.ts',
    'scheduler.schedule(attempt, timeoutMs)',
    'scheduler.schedule(attempt, timeoutMs / 2)',
  ]),
  mutant('deadlines: none', [
    'src/attempt/attempt-runner.ts',
    '    this.#ports.scheduler.schedule(attempt, timeoutMs)\n',
    '',
  ]),
  mutant('signatures: of the secret before the last', [
    'src/endpoint/endpoint.ts',
    '[current] : [current, former.secret]',
    '[current] : [former.secret, current]',
  ]),
  mutant('concurrency: an endpoint may be called as often as it likes', [
    'src/lane/endpoint-lanes.ts',
    'this.inFlight < this.endpoint.settings.concurrency &&',
    'this.inFlight < Infinity &&',
  ]),
  // A log in memory is read whole before its lines go on, and the lines see to what they take up as well.
  mutant(
    'restart: what was in flight is taken for sent',
    ['src/recovery/recovery.ts', "if (value !== 'delivering') return", "if (value !== 'pending') return"],
    [
      'src/lane/lane.ts',
      "if (head?.resting.value === 'delivering') this",
      "if (head?.resting.value === 'failed') this",
    ],
  ),
  durableMutant('durable: what was in flight is taken for sent', [
    'src/lane/lane.ts',
    "if (head?.resting.value === 'delivering') this",
    "if (head?.resting.value === 'failed') this",
  ]),
  mutant('restart: backoffs are forgotten', [
    'src/lane/lane.ts',
    'if (retryAt !== null) {',
    'if (retryAt === undefined) {',
  ]),
  mutant('restart: lines come back in another order', [
    'src/recovery/former-endpoints.ts',
    'waiting: taken.flatMap(({ eventId }) => records.get(eventId) ?? [])',
    'waiting: taken.flatMap(({ eventId }) => records.get(eventId) ?? []).reverse()',
  ]),
  mutant('restart: halted lines go on', ['src/lane/lane.ts', '    this.#halted = haltedBy\n', '    void haltedBy\n']),
  mutant('restart: places begin again from 1', [
    'src/lane/endpoint-lanes.ts',
    '    this.#sequence = lastSequence\n',
    '    void lastSequence\n',
  ]),
  mutant('restart: health is forgotten', [
    'src/lane/endpoint-lanes.ts',
    '    this.health.takeUp(health)\n    this.#sequence = lastSequence\n',
    '    void health\n    this.#sequence = lastSequence\n',
  ]),
  mutant('restart: since when an endpoint fails is forgotten', [
    'src/health/endpoint-health.ts',
    "monotonicMs - msSince(failingSince ?? '', nowMs)",
    'monotonicMs',
  ]),
  mutant('removal: only what is settled at once is settled', [
    'src/lane/removals.ts',
    '    this.#settle(this.#sizes.removedAtATime)\n',
    '',
  ]),
  mutant('removal: its id is free at once', [
    'src/lane/removals.ts',
    '    if (leaving === undefined) return\n',
    '    if (leaving !== null) return\n',
  ]),
  mutant('restart: a removal is not gone on with', [
    'src/recovery/recovery.ts',
    '    this.#ports.removals.resume(removed',
    '    void (removed',
  ]),
  mutant(
    'restart: idempotency keys are forgotten',
    ['src/recovery/recovery.ts', '      store.add(record)\n', '      store.add(record, false)\n'],
    [
      'src/event/event-store.ts',
      '  add(record: EventRecord): void {\n',
      '  add(record: EventRecord, key = true): void {\n',
    ],
    [
      'src/event/event-store.ts',
      '    if (idempotencyKey !== null) this.#byIdempotencyKey.set(',
      '    if (idempotencyKey !== null && key) this.#byIdempotencyKey.set(',
    ],
  ),
  mutant('restart: retention does not know what had settled', [
    'src/recovery/recovery.ts',
    '    this.#keep(settled, records)\n',
    '    void settled\n',
  ]),
  mutant('restart: limits do not know what waits', [
    'src/recovery/recovery.ts',
    '      else capacity.take(record.endpointId, record.bodyBytes)\n',
    '      else void capacity\n',
  ]),
]
