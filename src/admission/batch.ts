import { OptionReader } from '../options/option-reader.ts'
import { refuseUnshown } from '../options/refuse-option.ts'
import { checkItems } from '../options/value-checks.ts'
import { checkEventType } from './event-type.ts'
import { serializePayload } from './serialize-payload.ts'
import { readSubmitSettings, submitOptionNames } from './submit-options.ts'
import { submissionOf } from './submission.ts'
import type { Submission } from './submission.ts'

/** Events that one call of `submitEvents` takes: they are appended in one go, which nothing else can come between. */
const mostEvents = 10_000
const itemNames = ['endpointId', 'eventType', 'payload', ...submitOptionNames]

/** One event of a batch, whose endpoint is still to be looked up. */
export interface BatchItem {
  readonly endpointId: unknown
  readonly submission: Submission
}

/** @throws InvalidOptionError, InvalidPayloadError naming the item: `events[3].eventType` */
export function readBatch(value: unknown): readonly BatchItem[] {
  return checkItems(value, 'events', { min: 0, max: mostEvents }).map(readItem)
}

function readItem(item: unknown, index: number): BatchItem {
  const where = `events[${index}]`
  if (item === undefined) refuseUnshown(where, 'must be a plain object', item)
  const reader = new OptionReader(item, where, itemNames)
  const eventType = checkEventType(reader.given('eventType'), reader.path('eventType'))
  const payloadText = serializePayload(reader.given('payload'), reader.path('payload'))
  const submission = submissionOf(eventType, payloadText, readSubmitSettings(reader), where)
  return { endpointId: reader.given('endpointId'), submission }
}
