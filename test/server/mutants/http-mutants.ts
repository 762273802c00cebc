// How the listener defends itself, and what is the same for every answer.
import { mutant } from './mutant.ts'
import type { Mutant } from './mutant.ts'

const bodyReader = 'server/http/body-reader.ts'
const listener = 'server/http/listener-options.ts'

export const httpMutants: readonly Mutant[] = [
  mutant('bodies: one may be as long as it declares', 'server/http/bodies', [
    bodyReader,
    'if (declared > mostBytes)',
    'if (declared > Infinity)',
  ]),
  mutant('bodies: one may be as long as it comes', 'server/http/bodies', [
    bodyReader,
    'if (length > mostBytes)',
    'if (length > Infinity)',
  ]),
  mutant('bodies: all together take what they like', 'server/http/bodies', [
    bodyReader,
    'this.#heldBytes + bytes > this.#limits.bodiesBytes',
    'this.#heldBytes + bytes > Infinity',
  ]),
  mutant('bodies: what they took is not given back', 'server/http/bodies', [
    bodyReader,
    'onAnswered(() => held.release())',
    'onAnswered(() => undefined)',
  ]),
  mutant('bodies: one that is declared to be long takes that at once', 'server/attack/bodies', [
    bodyReader,
    'const bytes = await bytesOf(',
    'held.growTo(declared)\n    const bytes = await bytesOf(',
  ]),
  mutant('bodies: each byte is kept for itself', 'server/attack/bodies', [
    bodyReader,
    'Math.max(length + bytes, 2 * buffer.length)',
    'length + bytes + 0 * buffer.length',
  ]),
  mutant('bodies: compressed ones are taken', 'server/http/bodies', [
    bodyReader,
    "encoding !== undefined && encoding !== 'identity'",
    "encoding === 'none'",
  ]),
  mutant('bodies: any charset is taken', 'server/http/bodies', [
    bodyReader,
    "otherCharset.test(headers['content-type'] ?? '')",
    "otherCharset.test('')",
  ]),
  mutant('bodies: bytes that are no UTF-8 are taken', 'server/http/bodies', [
    bodyReader,
    'if (!isUtf8(bytes)) throw',
    'if (!isUtf8(Buffer.alloc(0))) throw',
  ]),
  mutant(
    'slow clients: a request may take for ever',
    'server/http/listener',
    [
      listener,
      '    requestTimeout: limits.requestTimeoutMs,\n    keepAliveTimeout',
      '    requestTimeout: 3_600_000,\n    keepAliveTimeout',
    ],
    [
      listener,
      'requestTimeout: limits.requestTimeoutMs,\n      headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs)',
      'requestTimeout: 3_600_000,\n      headersTimeout: 3_600_000',
    ],
  ),
  mutant('slow clients: a connection may idle for ever', 'server/http/listener', [
    listener,
    'keepAliveTimeout: limits.keepAliveTimeoutMs',
    'keepAliveTimeout: 600_000',
  ]),
  mutant('slow clients: an answer may be left unread for ever', 'server/http/listener', [
    listener,
    'connectionTimeout: limits.stalledTimeoutMs',
    'connectionTimeout: 0',
  ]),
  mutant('listener: as many connections as anyone likes', 'server/http/listener', [
    'server/http/build-app.ts',
    '  app.server.maxConnections = context.limits.connections\n',
    '',
  ]),
  mutant('listener: headers beyond a number are dropped without a word', 'server/attack/requests', [
    'server/http/build-app.ts',
    '  app.server.maxHeadersCount = 0\n',
    '',
  ]),
  mutant('listener: headers of any length', 'server/http/listener', [
    listener,
    'const headerBytes = 16 * 1024',
    'const headerBytes = 1024 * 1024',
  ]),
  mutant('listener: HTTP is read leniently', 'server/http/listener server/attack/requests', [
    listener,
    'insecureHTTPParser: false',
    'insecureHTTPParser: true',
  ]),
  mutant('listener: of two hosts the first counts', 'server/attack/requests server/http/listener', [
    'server/http/check-host.ts',
    'if (hosts > 1)',
    'if (hosts > 2)',
  ]),
  mutant('listener: what is broken is answered in the place of what is owed', 'server/http/listener', [
    'server/http/broken-requests.ts',
    '(this.#owed.get(socket) ?? 0) > 0',
    '(this.#owed.get(socket) ?? 0) > 1_000_000',
  ]),
  mutant('answers: a browser may run what is in them', 'server/http/answer-headers', [
    'server/http/answer-headers.ts',
    `"default-src 'none'; frame-ancestors 'none'"`,
    `"default-src *"`,
  ]),
  mutant('answers: caches may keep them', 'server/http/answer-headers', [
    'browser/security-headers.ts',
    "'cache-control': 'no-store'",
    "'cache-control': 'public'",
  ]),
  mutant('answers: whatever a caller calls a request goes into logs', 'server/http/errors', [
    'server/http/request-id.ts',
    'sane.test(given)',
    "given !== ''",
  ]),
  mutant('log: a line holds the path and the query as they came', 'server/http/request-log', [
    'server/http/answers.ts',
    'request.routeOptions.url ?? null',
    'request.url',
  ]),
  mutant('log: a request has no line', 'server/http/request-log', [
    'server/http/answers.ts',
    '      this.#log(request, reply)\n',
    '',
  ]),
  mutant('log: a submission does not tell by which request', 'server/http/request-log', [
    'server/routes/event-routes.ts',
    '{ correlationId, requestId, endpointId, eventType }',
    '{ correlationId, endpointId, eventType }',
  ]),
  mutant('log: a request does not tell of its events', 'server/http/request-log', [
    'server/http/answers.ts',
    '        ...request.touched?.fields,\n',
    '',
  ]),
  mutant('log: a submission that was not stored tells of no events', 'server/http/request-log', [
    'server/routes/event-routes.ts',
    "    for (const event of results.flat()) if (!('error' in event)) touched.add(event.eventId)\n    await context.service.flush()\n",
    "    await context.service.flush()\n    for (const event of results.flat()) if (!('error' in event)) touched.add(event.eventId)\n",
  ]),
  mutant('errors: an answer speaks in words of the core', 'server/http/api-words', [
    'server/http/error-answer.ts',
    ': inApiWords(error.message)',
    ': error.message',
  ]),
  mutant('documentation: the page loads from elsewhere', 'server/http/open-api', [
    'server/http/docs-routes.ts',
    'href="docs/swagger-ui.css',
    'href="https://cdn.example/swagger-ui.css',
  ]),
  mutant('documentation: a route is missing from it', 'server/http/open-api', [
    'server/http/open-api.ts',
    'schema: route.config?.documentation ?? { hide: true }',
    "schema: url.endsWith('/stats') ? { hide: true } : (route.config?.documentation ?? { hide: true })",
  ]),
  mutant('documentation: not every answer is in it', 'server/http/open-api', [
    'server/http/describe-route.ts',
    "413: 'The body is too large.', ",
    '',
  ]),
  mutant('closing: requests in flight are cut off', 'server/http/closing', [
    'server/http/http-app.ts',
    'closeAllConnections(), graceMs)',
    'closeAllConnections(), 0)',
  ]),
  mutant('closing: what does not end holds up the end', 'server/http/closing', [
    'server/http/http-app.ts',
    '() => this.#app.server.closeAllConnections()',
    '() => undefined',
  ]),
  mutant('closing: connections are kept for more requests', 'server/http/closing', [
    'server/http/answers.ts',
    "if (this.#context.closing.aborted) void reply.header('connection', 'close')",
    '',
  ]),
  mutant('closing: live streams go on', 'server/http/closing server/stream/stream-route', [
    'server/watch/watch.ts',
    "  closing.addEventListener('abort', () => streams.close(), { once: true })\n",
    '',
  ]),
]
