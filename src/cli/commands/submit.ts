// `hookline submit`: posts events to a running service, one or a whole file of them.
import { stdin } from 'node:process'
import { buffer } from 'node:stream/consumers'
import { systemRandomBytes } from '../../random/random-bytes.ts'
import { CallError } from '../call-error.ts'
import type { ExitCode } from '../exit-code.ts'
import type { AddCommand } from '../program.ts'
import { readWholeNumber } from '../read-option.ts'
import { EventsClient } from '../submit/events-client.ts'
import { submitEvent } from '../submit/submit-event.ts'
import { submitFile } from '../submit/submit-file.ts'
import type { Terminal } from '../terminal.ts'

interface SubmitOptions {
  readonly url?: string
  readonly key?: string
  readonly type?: string
  readonly endpoint?: string
  readonly payload?: string
  readonly idempotencyKey?: string
  readonly orderingKey?: string
  readonly source?: string
  readonly batch?: number
  readonly patienceMs: number
  readonly json?: true
}

const defaultUrl = 'http://127.0.0.1:3080'
const defaultBatch = 100
const longestPatienceMs = 86_400_000

const notes = `
One event: --type, and its payload as JSON in --payload or on the standard input. Without --endpoint it goes to every
endpoint that is subscribed to its type.

A file: JSONL (- reads the standard input), an event on each line:
  { "eventType": "payment.created", "payload": { "id": 1 }, "endpointId": "ep_…", "orderingKey": "…" }
--type and --endpoint stand for what a line does not say. A line without an idempotencyKey gets one, made of the file's
name, the line's number and its bytes: submitted again, after an interruption or by mistake, it is not taken twice, as long
as the service remembers the event. --source gives another name than the file's, for the standard input above all.
A line that is refused is named, and the others are submitted; put right, it can be submitted with the whole file again.

Payloads are delivered byte for byte as they were given.
While the service is busy (429, 503) or restarts, hookline submit tries again, after Retry-After where the service says so.

Environment: HOOKLINE_URL and HOOKLINE_API_KEY are --url and --key when those are not given; other programs cannot read
the key there.

Exit code: 0 all was accepted, 1 something was not, 2 the program was called wrongly.

Examples:
  hookline submit --type payment.created --payload '{"id": 1, "amount": 4990}'
  hookline submit --type payment.created --endpoint ep_… < payload.json
  hookline submit events.jsonl
  zcat events.jsonl.gz | hookline submit - --source events.jsonl --json`

export const addSubmit: AddCommand = (program, terminal, end) => {
  program
    .command('submit')
    .description('Submit an event, or a file of events, to a running service.')
    .argument('[file]', 'a file of events, JSONL; - reads the standard input')
    .option('--url <url>', `where the service is (default: ${defaultUrl})`)
    .option('--key <key>', 'an API key that may submit')
    .option('--type <type>', 'the type of the event')
    .option('--endpoint <id>', 'the endpoint it goes to (default: all that are subscribed)')
    .option('--payload <json>', 'its payload (default: the standard input)')
    .option('--idempotency-key <key>', 'a key under which it is taken once, however often it is submitted')
    .option('--ordering-key <key>', 'the line in which it waits, at an endpoint with one for each ordering key')
    .option('--source <name>', "a file: the name in its lines' idempotency keys (default: the file's)")
    .option('--batch <count>', `a file: how many lines at once (default: ${defaultBatch})`, readBatch)
    .option('--patience-ms <ms>', 'how long to go on when the service is busy or away', readPatience, 300_000)
    .option('--json', 'print JSON')
    .addHelpText('after', notes)
    .action(async (file: string | undefined, options: SubmitOptions) => {
      refuseMixture(file, options)
      const interruption = new AbortController()
      void terminal.interrupted().then(() => interruption.abort())
      const client = new EventsClient({
        url: readUrl(options.url ?? fromEnvironment(terminal, 'HOOKLINE_URL') ?? defaultUrl),
        key: options.key ?? fromEnvironment(terminal, 'HOOKLINE_API_KEY'),
        clock: terminal.clock,
        patienceMs: options.patienceMs,
        signal: interruption.signal,
        onRetry: (why, delayMs) => terminal.note(`${why}; trying again in ${Math.ceil(delayMs / 1000)} s`),
      })
      end(await submit(file, options, client, interruption.signal, terminal).finally(() => client.close()))
    })
}

async function submit(
  file: string | undefined,
  options: SubmitOptions,
  client: EventsClient,
  signal: AbortSignal,
  terminal: Terminal,
): Promise<ExitCode> {
  const { type, endpoint, payload, idempotencyKey, orderingKey, source, batch = defaultBatch, json = false } = options
  if (file !== undefined) {
    const defaults = { source, eventType: type, endpointId: endpoint }
    return submitFile({ file, defaults, batchSize: batch, json }, client, signal, terminal)
  }
  if (type === undefined) throw new CallError('submit: say the type of the event with --type, or name a file of events')
  const bytes = payload === undefined ? await buffer(stdin) : Buffer.from(payload)
  const event = { eventType: type, endpointId: endpoint, idempotencyKey, orderingKey, payload: bytes }
  return submitEvent(event, client, systemRandomBytes, terminal, json)
}

/** An event and a file each have options that mean nothing to the other. */
function refuseMixture(file: string | undefined, options: SubmitOptions): void {
  const ofEvent = ['payload', 'idempotencyKey', 'orderingKey'] as const
  const ofFile = ['source', 'batch'] as const
  const [kind, wrong] = file === undefined ? ['one event', ofFile] : ['a file of events', ofEvent]
  const given = wrong.find((name) => options[name] !== undefined)
  if (given === undefined) return
  const flag = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  throw new CallError(`submit: ${flag} is of no use with ${kind}`)
}

/** An empty variable counts as none: that is how shells pass on what is not set. */
function fromEnvironment({ environment }: Terminal, name: string): string | undefined {
  const text = environment[name]
  return text === '' ? undefined : text
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new CallError('--url must be the address of a service, such as http://127.0.0.1:3080')
  }
  if (url.username === '' && url.password === '' && url.search === '' && url.hash === '') return url
  throw new CallError('--url must have no user, password, query or fragment; the API key goes into HOOKLINE_API_KEY')
}

function readBatch(text: string): number {
  return readWholeNumber(text, '--batch', { min: 1, max: 1000 })
}

function readPatience(text: string): number {
  return readWholeNumber(text, '--patience-ms', { min: 0, max: longestPatienceMs })
}
