// `hookline receive`: a receiver that checks what it gets, and fails on purpose as it is told to.
import { HooklineError } from '../../errors/hookline-error.ts'
import { systemRandom } from '../../random/random.ts'
import { SeededSource } from '../../testing/simulation/seeded-source.ts'
import type { SigningOptions } from '../../signing/signing-options.ts'
import { CallError } from '../call-error.ts'
import { jsonLine } from '../json-text.ts'
import type { AddCommand } from '../program.ts'
import { readPort, readShare, readWholeNumber } from '../read-option.ts'
import { eventLine, summaryLines } from '../receive/receive-lines.ts'
import { ReceiveServer } from '../receive/receive-server.ts'
import type { ReceivedEvent } from '../receive/received-event.ts'
import { signatureJudge } from '../receive/signature-verdict.ts'
import type { JudgeSignature } from '../receive/signature-verdict.ts'
import type { Terminal } from '../terminal.ts'

interface ReceiveOptions {
  readonly host: string
  readonly port: number
  readonly secret?: readonly string[]
  readonly header?: string
  readonly prefix?: string
  readonly encoding?: string
  readonly fail: number
  readonly hang: number
  readonly hangMs: number
  readonly seed?: number
  readonly quiet?: true
  readonly json?: true
}

/** An hour: longer than any sender waits. */
const longestHangMs = 3_600_000

const notes = `
Every signature of a request is checked: the Standard Webhooks headers, X-Signature, and the sequence's where there is
one. What does not hold is answered with 401. Of the rest, the share --fail is answered with 500, the share --hang gets no
answer until --hang-ms later its connection is broken, and the others are accepted with 200.

An event that comes again after it was accepted is a duplicate; a number of a line (X-Event-Sequence) that was passed over
is a gap until it comes. A path is taken for one line: give each endpoint a path of its own.
GET /stats answers with all counts, as JSON.

Environment: HOOKLINE_RECEIVE_SECRET is the secret when there is no --secret; other programs cannot read it there.

Examples:
  hookline receive --secret whsec_…                             receive on http://127.0.0.1:4000
  hookline receive --secret whsec_… --fail 0.4 --hang 0.3       a bad day
  hookline receive --secret whsec_… --fail 0.5 --seed 7         the same bad day each time
  hookline receive --header X-Webhook-Signature --prefix sha256= --secret whsec_…
  hookline receive --secret whsec_… --json | jq .eventType
  curl http://127.0.0.1:4000/stats`

export const addReceive: AddCommand = (program, terminal) => {
  program
    .command('receive')
    .description('Receive events: check their signatures and order, and fail on purpose as told. Until Ctrl-C ends it.')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <port>', 'where to listen; 0 takes any that is free', (text) => readPort(text, '--port'), 4000)
    .option('--secret <secret>', "the endpoint's secret or public key; several during rotation", collect)
    .option('--header <name>', 'the header of the body signature (default: X-Signature)')
    .option('--prefix <text>', 'what stands before it, such as sha256=')
    .option('--encoding <encoding>', 'how it is written: hex or base64 (default: hex)')
    .option('--fail <share>', 'what share to answer with 500, from 0 to 1', (text) => readShare(text, '--fail'), 0)
    .option('--hang <share>', 'what share to leave without an answer', (text) => readShare(text, '--hang'), 0)
    .option('--hang-ms <ms>', 'how long such a request is held', readHangMs, 15_000)
    .option('--seed <number>', 'decides which fail and which hang; the same seed gives the same', readSeed)
    .option('--quiet', 'print no line for each request, only the summary')
    .option('--json', 'print a line of JSON for each request, and the counts at the end')
    .addHelpText('after', notes)
    .action((options: ReceiveOptions) => receive(options, terminal))
}

async function receive(options: ReceiveOptions, terminal: Terminal): Promise<void> {
  const { host, port, fail, hang, hangMs, seed, quiet, json } = options
  if (fail + hang > 1) throw new CallError(`--fail and --hang must be at most 1 together, got ${fail} and ${hang}`)
  const secrets = secretsOf(options, terminal)
  const server = await ReceiveServer.start({
    host,
    port,
    shares: { fail, hang },
    hangMs,
    judge: judgeOf(secrets, options, terminal),
    clock: terminal.clock,
    random: seed === undefined ? systemRandom : new SeededSource(seed, 'receive').next,
    onEvent: quiet === true ? () => undefined : (event) => tell(event, terminal, json),
  })
  terminal.note(`receiving on ${server.url}, counts at ${server.url}/stats`)
  if (secrets.length === 0) terminal.note('warning: no --secret, so no signature is checked')
  await terminal.interrupted()
  await server.close()
  const stats = server.stats()
  if (json === true) terminal.print(jsonLine({ stats }))
  else for (const line of summaryLines(stats)) terminal.print(line)
}

function tell(event: ReceivedEvent, terminal: Terminal, json: true | undefined): void {
  terminal.print(json === true ? jsonLine(event) : eventLine(event, terminal.colors))
}

function secretsOf({ secret }: ReceiveOptions, { environment }: Terminal): readonly string[] {
  if (secret !== undefined) return secret
  const fromEnvironment = environment['HOOKLINE_RECEIVE_SECRET']
  return fromEnvironment === undefined || fromEnvironment === '' ? [] : [fromEnvironment]
}

function judgeOf(secrets: readonly string[], options: ReceiveOptions, { clock }: Terminal): JudgeSignature {
  try {
    return signatureJudge(secrets, signingOf(options), clock)
  } catch (error) {
    // A secret or a header that is none was typed here: the program was called wrongly.
    throw error instanceof HooklineError ? new CallError(error.message) : error
  }
}

function signingOf({ header, prefix, encoding }: ReceiveOptions): SigningOptions {
  if (encoding === undefined || encoding === 'hex' || encoding === 'base64') return { header, prefix, encoding }
  throw new CallError(`--encoding must be hex or base64, got "${encoding}"`)
}

function readHangMs(text: string): number {
  return readWholeNumber(text, '--hang-ms', { min: 0, max: longestHangMs })
}

function readSeed(text: string): number {
  return readWholeNumber(text, '--seed', { min: 0, max: Number.MAX_SAFE_INTEGER })
}

function collect(text: string, collected: readonly string[] = []): readonly string[] {
  return [...collected, text]
}
