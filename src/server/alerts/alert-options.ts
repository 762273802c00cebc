import { OptionReader } from '../../options/option-reader.ts'
import type { EgressOptions } from '../../transport/egress/egress-policy.ts'

const forms = ['json', 'slack'] as const

/** What the body of an alert is: all that is known, or `{ text }` as Slack and those like it take it. */
export type AlertForm = (typeof forms)[number]

export interface AlertOptions {
  /** Where alerts are posted. */
  readonly url: string | URL
  /** Signs them as any webhook. @default none is needed with the form `'slack'`, which looks at no signature */
  readonly secret?: string | undefined
  /** @default 'json' */
  readonly form?: AlertForm | undefined
  /**
   * How long one kind of alert about one endpoint is followed by no other: those that would are summed up after it.
   * @default 600_000 (10 minutes). Whole, 1000 to 86_400_000.
   */
  readonly everyMs?: number | undefined
  /**
   * How long an event may wait before there is an alert.
   * @default 300_000 (5 minutes); null: none. Whole, 1000 to 2_592_000_000 (30 days).
   */
  readonly lagMs?: number | null | undefined
  /** Which addresses may be called. The URL is the operator's own choice. @default private networks too */
  readonly egress?: EgressOptions | undefined
}

/** Checked {@link AlertOptions}; what is left unknown is checked by the service that delivers the alerts. */
export interface AlertSettings {
  readonly url: unknown
  /** Undefined: none was given. */
  readonly secret: unknown
  readonly form: AlertForm
  readonly everyMs: number
  readonly lagMs: number | null
  readonly egress: unknown
}

const names = ['url', 'secret', 'form', 'everyMs', 'lagMs', 'egress']

/** @throws InvalidOptionError */
export function resolveAlertOptions(value: unknown, option: string): AlertSettings {
  const reader = new OptionReader(value, option, names)
  return Object.freeze({
    url: reader.given('url'),
    secret: reader.given('secret'),
    form: reader.oneOf('form', 'json', forms),
    everyMs: reader.wholeNumber('everyMs', 600_000, { min: 1000, max: 86_400_000 }),
    lagMs:
      reader.given('lagMs') === null ? null : reader.wholeNumber('lagMs', 300_000, { min: 1000, max: 2_592_000_000 }),
    egress: reader.given('egress'),
  })
}
