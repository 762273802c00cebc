// The commands beside the server: what is configured, how it ends, and the other side.
import { mutant } from './mutant.ts'
import type { Mutant } from './mutant.ts'

const verdict = 'cli/receive/signature-verdict.ts'
const receiver = 'cli/receive/receive-server.ts'
const eventsClient = 'cli/submit/events-client.ts'
const leave = 'cli/serve/leave.ts'

export const commandMutants: readonly Mutant[] = [
  mutant('config: the environment goes over flags', 'cli/config/load-config', [
    'cli/config/load-config.ts',
    '    readConfigEnvironment(place.environment),\n    { given: readConfigFlags(place.flags), problems: [] },\n',
    '    { given: readConfigFlags(place.flags), problems: [] },\n    readConfigEnvironment(place.environment),\n',
  ]),
  mutant('config: the file goes over the environment', 'cli/config/load-config', [
    'cli/config/load-config.ts',
    'const all = readings.flatMap(',
    'const all = [readings[1]!, readings[0]!, readings[2]!].flatMap(',
  ]),
  mutant('config: a key that is none is passed over', 'cli/config/load-config', [
    'cli/config/config-file.ts',
    'this.#refuse(key, `${hideSecretForms(path)} is no key${suggestion(name, names)}`)',
    'return',
  ]),
  mutant('config: a variable that is none is passed over', 'cli/config/load-config', [
    'cli/config/config-environment.ts',
    'problems.push(`${name} is no variable of hookline${suggestion(name, [...byVariable.keys()])}`)',
    'continue',
  ]),
  mutant('config: what a later source overrides is not judged', 'cli/config/load-config', [
    'cli/config/load-config.ts',
    '...all.flatMap(problemsOf)',
    '...[...new Map(all.map((given) => [given.path, given])).values()].flatMap(problemsOf)',
  ]),
  mutant('config: what does not fit together is taken', 'cli/config/load-config', [
    'cli/config/load-config.ts',
    'if (together.length > 0) throw configError(together)',
    'void together',
  ]),
  mutant('config: problems quote secrets', 'cli/config/load-config', [
    'cli/config/check-value.ts',
    'secret ? describeUnshown(value) : describeValue(value)',
    'describeValue(value)',
  ]),
  mutant('config: what is in force is shown with its secrets', 'cli/config/load-config', [
    'cli/config/show-config.ts',
    "return Array.isArray(value) ? value.map(() => '(hidden)') : '(hidden)'",
    'return value',
  ]),
  mutant('config: the limits of the server do not reach it', 'cli/config/server-options', [
    'cli/config/server-options.ts',
    'return { limits: server, health,',
    'return { health,',
  ]),
  mutant('log: what is secret by its name is written', 'cli/serve/logger', [
    'cli/serve/logger.ts',
    "redact: { paths: hidden, censor: '(hidden)' },",
    '',
  ]),
  mutant('log: the steps of an event have nothing in common', 'cli/serve/ending', [
    'cli/serve/step-lines.ts',
    'return { correlationId: eventId, endpointId,',
    'return { endpointId,',
  ]),
  mutant('serve: a public host without a key', 'cli/serve/serve', [
    'cli/serve/serve.ts',
    'if (keys.empty) refusePublicHost(loaded)',
    '',
  ]),
  mutant('serve: delivers although nothing can ask it', 'cli/serve/serve', [
    'cli/serve/serve.ts',
    '  await checkAddress(config.host, config.port)\n',
    '',
  ]),
  mutant('serve: told to end, it cuts off at once', 'cli/serve/ending', [
    'cli/serve/end-service.ts',
    'service.shutdown({ timeoutMs: graceMs })',
    'service.shutdown({ timeoutMs: 0 * graceMs })',
  ]),
  mutant('serve: told to end, it says that it is ready', 'cli/serve/ending', [
    'cli/serve/end-service.ts',
    '  server.retire()\n',
    '',
  ]),
  mutant('serve: told a second time, it goes on ending', 'cli/serve/ending', [
    leave,
    'if (told) {',
    'if (told && signal === null) {',
  ]),
  mutant('serve: lives on after a fault', 'cli/serve/ending', [
    leave,
    "process.on('uncaughtException', (error, where) => fault(error, { where }))",
    "process.on('uncaughtException', () => undefined)",
  ]),
  mutant('serve: lives on when the log has stopped', 'cli/serve/ending', [
    'cli/serve/start-service.ts',
    '      leave(exitCode.failed)\n',
    '',
  ]),
  mutant('receive: the standard signature is not looked at', 'cli/receive/signature-verdict', [
    verdict,
    'if (standard !== null) return',
    "if (standard === 'nothing') return",
  ]),
  mutant("receive: the body's signature is not looked at", 'cli/receive/signature-verdict', [
    verdict,
    'if (ofBody !== null) return',
    "if (ofBody === 'nothing') return",
  ]),
  mutant("receive: the sequence's signature is not looked at", 'cli/receive/signature-verdict', [
    verdict,
    'return verifySequence({ secret, eventId, sequence, signature: signed })',
    'return verifySequence({ secret, eventId, sequence, signature: signed }) || true',
  ]),
  mutant('receive: what nobody signed is accepted', 'cli/receive', [
    receiver,
    "if (signature !== 'verified' && signature !== 'unchecked') {",
    'if (signature === null) {',
  ]),
  mutant('receive: bodies of any length', 'cli/receive', [
    'cli/receive/received-body.ts',
    'if (bytes > this.#limits.bodyBytes)',
    'if (bytes > Infinity)',
  ]),
  mutant('receive: a terminal obeys what is received', 'cli/receive/receive-lines', [
    'cli/receive/receive-lines.ts',
    'printableText(shortBody(event.body))',
    'shortBody(event.body)',
  ]),
  mutant('receive: a seed means nothing', 'cli/receive', [
    'cli/commands/receive.ts',
    "seed === undefined ? systemRandom : new SeededSource(seed, 'receive').next",
    "seed === undefined ? new SeededSource(1, 'receive').next : systemRandom",
  ]),
  mutant('submit: an event is sent again without a key', 'cli/submit', [
    'cli/submit/submit-event.ts',
    'JSON.stringify({ ...event, idempotencyKey })',
    'JSON.stringify(event)',
  ]),
  mutant('submit: lines have no keys', 'cli/submit', [
    'cli/submit/event-line.ts',
    "added.push(['idempotencyKey', key])",
    'void key',
  ]),
  mutant('submit: Retry-After is passed over', 'cli/submit', [
    eventsClient,
    'Math.max(answer?.retryAfterMs ?? 0,',
    'Math.max(0,',
  ]),
  mutant('submit: its patience never ends', 'cli/submit', [
    eventsClient,
    '+ delayMs > patienceMs',
    '+ delayMs > Infinity',
  ]),
  mutant('submit: events without room are left out', 'cli/submit', [
    'cli/submit/submit-lines.ts',
    'if (again.length === 0) return',
    'if (again.length >= 0) return',
  ]),
  mutant('submit: one wrong line takes its batch along', 'cli/submit', [
    'cli/submit/submit-lines.ts',
    'await this.#submitBatch(batch.filter((_, index) => !wrong.has(index)))',
    '',
  ]),
  mutant('submit: a payload is written anew', 'cli/submit', [
    'cli/submit/submit-event.ts',
    '"payload":`), payload,',
    '"payload":`), Buffer.from(JSON.stringify(JSON.parse(payload.toString()))),',
  ]),
]
