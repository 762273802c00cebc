// What the controller asked for and what it was told: its own memory, which no kill touches. Only added to.
import { standingDeeds } from './standing-deeds.ts'
import type { ServiceReply } from './service/message.ts'

/** What is known of something that was asked for. `unknown`: the process died first, or could not make it durable yet. */
export type Fate = 'asked' | 'acknowledged' | 'refused' | 'unknown'

export interface LedgerSubmission {
  readonly number: number
  readonly endpoint: number
  readonly body: string
  readonly orderingKey: string | null
  readonly idempotencyKey: string | null
  /** Those asked for in one call have the same. */
  readonly batch: number | null
  fate: Fate
  /** What the acknowledgement said; null before. */
  eventId: string | null
  /** How often it was asked for. */
  asked: number
}

export interface NewSubmission extends Pick<LedgerSubmission, 'endpoint' | 'orderingKey' | 'batch'> {
  readonly hasIdempotencyKey: boolean
  readonly text: string
}

/** Something done to an endpoint that must come back after a restart. */
export interface LedgerDeed {
  readonly endpoint: number
  readonly kind: 'version' | 'generation' | 'paused'
  /** The version of its settings, the generation of its secret; 1 for paused and 0 for not. */
  readonly value: number
  /** Milliseconds since the Unix epoch; `acknowledgedAtMs` is Infinity while it was not. */
  readonly askedAtMs: number
  acknowledgedAtMs: number
}

export class Ledger {
  readonly submissions: LedgerSubmission[] = []
  readonly deeds: LedgerDeed[] = []
  /** Dead letters of which a redelivery was acknowledged. */
  readonly redelivered = new Set<string>()
  /** Answers that the documentation does not give. */
  readonly surprises: string[] = []
  /** How often calls were refused, by the error's code and reason. */
  readonly refusals: Record<string, number> = {}
  readonly #expected: readonly string[]

  /** @param refusals what a call may be refused with, beside a full line or an event that is gone */
  constructor(refusals: readonly string[]) {
    this.#expected = ['CAPACITY_REACHED', 'EVENT_NOT_FOUND', ...refusals]
  }

  submission({ endpoint, orderingKey, batch, hasIdempotencyKey, text }: NewSubmission): LedgerSubmission {
    const number = this.submissions.length
    const submission: LedgerSubmission = {
      number,
      endpoint,
      orderingKey,
      batch,
      // All of a batch have one, so that it can be submitted again.
      idempotencyKey: hasIdempotencyKey || batch !== null ? `once-${number}` : null,
      body: JSON.stringify({ number, text }),
      fate: 'asked',
      eventId: null,
      asked: 0,
    }
    this.submissions.push(submission)
    return submission
  }

  batch(batch: number): LedgerSubmission[] {
    return this.submissions.filter((submission) => submission.batch === batch)
  }

  /** Notes what became of a call that submitted `submissions`. */
  answered(submissions: readonly LedgerSubmission[], reply: ServiceReply | null): void {
    submissions.forEach((submission, index) => {
      if (reply?.type === 'done') return this.#acknowledge(submission, reply.eventIds[index])
      // A call that was refused has changed nothing, but an earlier one with the same key may have.
      const refused = reply?.type === 'refused' && reply.by === 'call' && submission.asked === 1
      if (submission.fate !== 'acknowledged') submission.fate = refused ? 'refused' : 'unknown'
    })
    this.#note(reply)
  }

  /** The deeds of one kind that may have been the last to take effect: the last acknowledged, and those asked for since. */
  standing(endpoint: number, kind: LedgerDeed['kind']): LedgerDeed[] {
    const own = this.deeds.filter((deed) => deed.endpoint === endpoint && deed.kind === kind)
    return standingDeeds(own, ({ acknowledgedAtMs }) => acknowledgedAtMs !== Infinity)
  }

  /** Notes as what an endpoint came back after a restart: from now on nothing else is possible. */
  cameBack(endpoint: number, kind: LedgerDeed['kind'], value: number): void {
    const possible = this.standing(endpoint, kind).map((deed) => deed.value)
    if (!possible.includes(value)) {
      this.surprises.push(`endpoint ${endpoint} came back with ${kind} ${value}, not ${possible.join(' or ')}`)
    }
    this.deed({ endpoint, kind, value }).acknowledgedAtMs = Date.now()
  }

  deed(deed: Pick<LedgerDeed, 'endpoint' | 'kind' | 'value'>): LedgerDeed {
    const noted = { ...deed, askedAtMs: Date.now(), acknowledgedAtMs: Infinity }
    this.deeds.push(noted)
    return noted
  }

  deedAnswered(deed: LedgerDeed, reply: ServiceReply | null): void {
    if (reply?.type === 'done') deed.acknowledgedAtMs = Date.now()
    this.#note(reply)
  }

  redeliveryAnswered(eventId: string, reply: ServiceReply | null): void {
    if (reply?.type === 'done') this.redelivered.add(eventId)
    this.#note(reply)
  }

  #acknowledge(submission: LedgerSubmission, eventId: string | undefined): void {
    const { number, eventId: before } = submission
    if (eventId === undefined) this.surprises.push(`submission ${number} was acknowledged without an id`)
    else if (before !== null && before !== eventId) {
      this.surprises.push(`submission ${number} was acknowledged as ${before}, and later as ${eventId}`)
    }
    submission.fate = 'acknowledged'
    submission.eventId ??= eventId ?? null
  }

  #note(reply: ServiceReply | null): void {
    if (reply?.type !== 'refused') return
    const name = reply.reason === null ? reply.code : `${reply.code} (${reply.reason})`
    this.refusals[name] = (this.refusals[name] ?? 0) + 1
    if (this.#expected.includes(name)) return
    this.surprises.push(`a call was refused with ${name}: ${reply.message}`)
  }
}
