// What is taken in, how it is answered, and what is told of it later.
import { mutant } from './mutant.ts'
import type { Mutant } from './mutant.ts'

const eventRoutes = 'server/routes/event-routes.ts'
const readEvents = 'server/routes/read-events.ts'
const deadLetters = 'server/routes/dead-letter-routes.ts'
const errorAnswer = 'server/http/error-answer.ts'

export const submissionMutants: readonly Mutant[] = [
  mutant('events: the header Idempotency-Key is passed over', 'server/routes/events', [
    eventRoutes,
    "idempotencyKey: headers['idempotency-key'], caller",
    'idempotencyKey: undefined, caller',
  ]),
  mutant("events: a request's key is that of each event of an array", 'server/routes/events', [
    readEvents,
    '? `${idempotencyKey} ${index}` : idempotencyKey',
    '? idempotencyKey : idempotencyKey',
  ]),
  mutant('events: a payload is written anew', 'server/routes/events server/routes/raw-events', [
    'server/routes/raw-events.ts',
    'payloadText = inOnePiece(this.#text.slice(from, this.#at))',
    'payloadText = JSON.stringify(JSON.parse(this.#text.slice(from, this.#at)))',
  ]),
  mutant('events: of a name that stands twice the last counts', 'server/routes/events', [
    readEvents,
    'if (raw?.repeatedName != null) {',
    'if (raw === null) {',
  ]),
  mutant('events: what is valid of an array is taken', 'server/routes/events', [
    readEvents,
    '  refuse(faults)\n  checkCounts',
    '  checkCounts',
  ]),
  mutant('events: an array that was taken in part is answered like a whole one', 'server/routes/events', [
    eventRoutes,
    'status: refused.length === 0 ? 202 : 207',
    'status: 202',
  ]),
  mutant('events: an array of which nothing was taken is answered like a part', 'server/routes/events', [
    'server/routes/submit-events.ts',
    '  throwIfAllRefusedAlike(results)\n',
    '',
  ]),
  mutant('events: 207 does not say when to come again', 'server/routes/events', [
    eventRoutes,
    '...(hasNoRoom && {',
    '...(isNaN(0) && {',
  ]),
  mutant('events: a request makes as many as it likes', 'server/routes/events', [
    readEvents,
    'if (events > mostInOneGo && !isPublished) {',
    'if (events < 0) {',
  ]),
  mutant('events: one goes to as many webhooks as there are', 'server/routes/events', [
    readEvents,
    'if (fanOut > most) {',
    'if (fanOut < 0) {',
  ]),
  mutant('events: only the first payload that is too large is named', 'server/routes/events', [
    'server/routes/submit-events.ts',
    'if (bytes <= error.limitBytes) return []',
    'if (bytes <= error.limitBytes || index > 0) return []',
  ]),
  mutant('events: accepted before they are durable', 'server/routes/durable-answers', [
    eventRoutes,
    '    await context.service.flush()\n',
    '',
  ]),
  mutant('webhooks: made before they are durable', 'server/routes/durable-answers', [
    'server/routes/webhook-routes.ts',
    'await context.service.flush()\n    return {\n      status: 201',
    'return {\n      status: 201',
  ]),
  mutant('errors: 429 and 503 do not say when to come again', 'server/http/errors server/routes/events', [
    errorAnswer,
    'if (status !== 429 && status !== 503) return {}',
    'if (status > 0) return {}',
  ]),
  mutant('errors: what is wrong with the disk is told to strangers', 'server/http/errors', [
    errorAnswer,
    'if (error instanceof StorageError) return storageMessage(error)',
    '',
  ]),
  mutant('errors: what no one foresaw is told to strangers', 'server/http/errors', [
    errorAnswer,
    '= known ?? fault',
    "= known ?? new ApiError(500, 'INTERNAL_ERROR', String(error))",
  ]),
  mutant('errors: a fault is kept from its operator', 'server/http/errors', [
    'server/http/answers.ts',
    "() => onFault(error, { where: 'request', requestId })",
    '() => undefined',
  ]),
  mutant('errors: only the first wrong field is named', 'server/http/errors', [
    'server/http/schema-faults.ts',
    'return faults.slice(0, mostFaults).map(',
    'return faults.slice(0, 1).map(',
  ]),
  mutant('errors: as many wrong fields as there are', 'server/http/errors', [
    'server/http/schema-faults.ts',
    'const mostFaults = 100',
    'const mostFaults = 10_000',
  ]),
  mutant('errors: bodies that are no JSON are quoted', 'server/http/bodies', [
    'server/http/body-reader.ts',
    '`the body is not JSON from',
    '`${text} is not JSON from',
  ]),
  mutant('lists: the cursor of another list is taken', 'server/routes/webhooks', [
    'server/routes/id-list.ts',
    'place !== null && !place.startsWith(own)',
    'place === own',
  ]),
  mutant('lists: any text is a cursor', 'server/routes/webhooks server/routes/deliveries', [
    'server/routes/cursor.ts',
    "if (place !== '' && writeCursor(place) === cursor) return place",
    'if (place !== null) return place',
  ]),
  mutant('lists: pages of any length', 'server/routes/webhooks', [
    'server/schemas/page.ts',
    'maximum: 500, default: 50',
    'maximum: 500_000, default: 50',
  ]),
  mutant('lists: the page after begins again with the last of the one before', 'server/routes/webhooks', [
    'server/routes/id-page.ts',
    'id <= after) continue',
    'id < after) continue',
  ]),
  mutant('deliveries: their payloads are read written anew', 'server/routes/deliveries server/routes/events', [
    'server/routes/delivery-text.ts',
    'payloadText(service, eventId) ?? JSON.stringify(payload)',
    'JSON.stringify(payload)',
  ]),
  mutant('dead letters: any delivery is one', 'server/routes/deliveries', [
    deadLetters,
    "if (event.status === 'deadLettered') return event",
    'if (event.status !== undefined) return event',
  ]),
  mutant('dead letters: an empty filter redelivers all', 'server/routes/deliveries', [
    deadLetters,
    "if (all === undefined && !isNarrow) throw badField('/all', 'must be true where no condition is given')",
    '',
  ]),
  mutant('dead letters: one without a webhook stops those after it', 'server/routes/deliveries', [
    'server/routes/redeliver-dead-letters.ts',
    'if (isPassedOver || error instanceof CapacityError) return error',
    'if (error instanceof CapacityError) return error',
  ]),
  mutant('dead letters: redelivered without a word of those for which there was no room', 'server/routes/deliveries', [
    'server/routes/redeliver-dead-letters.ts',
    'return { ...done, stoppedBy: { code: error.code, message: inApiWords(error.message) } }',
    'return done',
  ]),
  mutant('webhooks: a secret that was drawn is never shown', 'server/routes/webhooks', [
    'server/routes/webhook-routes.ts',
    'body: { ...context.service.getEndpoint(id), secret },',
    'body: context.service.getEndpoint(id),',
  ]),
  mutant('webhooks: reading one shows its headers', 'server/routes/webhooks', [
    'endpoint/endpoint-details.ts',
    'settings.headers.filter((_, index) => index % 2 === 0)',
    'settings.headers.filter(() => true)',
  ]),
  mutant('webhooks: the payload of a test event is written anew', 'server/routes/webhooks', [
    'server/routes/webhook-action-routes.ts',
    ': rawJson(given)',
    ': rawJson(JSON.stringify(JSON.parse(given)))',
  ]),
]
